/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of the form KEY=VALUE: uevents, records of the journal, the saved state.
 */
#ifndef DAX_OWNER_BASE_KEY_VALUE_H
#define DAX_OWNER_BASE_KEY_VALUE_H

const char *key_value(const char *line, const char *key);

#endif /* DAX_OWNER_BASE_KEY_VALUE_H */
