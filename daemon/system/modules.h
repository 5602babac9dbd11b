/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The modules of dax_owner, where they are installed: are they the ones this kernel uses, and if not, why.
 */
#ifndef DAX_OWNER_SYSTEM_MODULES_H
#define DAX_OWNER_SYSTEM_MODULES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum modules - what became of our modules on a kernel
 * @MODULES_ABSENT: nobody has installed them
 * @MODULES_USED: they are there for it
 * @MODULES_NEXT_BOOT: they are, but its own drivers were loaded before they came, or by an initramfs
 * @MODULES_REFUSED: the kernel does not take them, it enforces signatures and has no key for theirs
 * @MODULES_BUILT_IN: dax_hmem is part of it, and cannot be replaced
 * @MODULES_UNSUPPORTED: it is none of those they are for
 * @MODULES_NO_HEADERS: its headers are missing, so they were not built
 * @MODULES_NOT_BUILT: they were not built, for a reason that DKMS knows
 * @MODULES_NEWER: they were not built, and its series is none that they were tested on
 */
enum modules {
	MODULES_ABSENT,
	MODULES_USED,
	MODULES_NEXT_BOOT,
	MODULES_REFUSED,
	MODULES_BUILT_IN,
	MODULES_UNSUPPORTED,
	MODULES_NO_HEADERS,
	MODULES_NOT_BUILT,
	MODULES_NEWER,
};

/* Of modules_command() */
#define MODULES_COMMAND_LEN 256

/* Said of a kernel by dmesg, the journal and explain alike */
#define MODULES_UNTESTED_TEXT "untested kernel: the modules of dax_owner were not tested on its series"

bool modules_untested(const char *root);
enum modules modules_find(const char *root, const char *release);
const char *modules_sentence(enum modules modules);
void modules_command(enum modules modules, const char *release, char command[MODULES_COMMAND_LEN]);

#endif /* DAX_OWNER_SYSTEM_MODULES_H */
