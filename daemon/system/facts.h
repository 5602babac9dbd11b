/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts that observe() goes by, from the running system.
 */
#ifndef DAX_OWNER_SYSTEM_FACTS_H
#define DAX_OWNER_SYSTEM_FACTS_H

#include <stdio.h>

#include "system/firmware.h"
#include "model/derive.h"

/**
 * struct sources - where facts come from
 * @iomem: /proc/iomem, open
 * @ranges: the Soft Reserved ranges, which are looked for once: on older kernels iomem
 *	is the one place that has them all, and changes later on
 * @windows: the CXL windows
 */
struct sources {
	FILE *iomem;
	struct spans ranges;
	struct spans windows;
};

void sources_close(struct sources *sources);
int sources_open(struct sources *sources, firmware_skip_fn skipped, void *data);
int gather_windows(struct spans *windows, firmware_skip_fn skipped, void *data);
int gather(struct sources *sources, bool settled, struct observation *seen);

#endif /* DAX_OWNER_SYSTEM_FACTS_H */
