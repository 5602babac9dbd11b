/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find whether this kernel uses the installed modules of dax_owner, and the reason if it does not.
 */
#ifndef DAX_OWNER_SYSTEM_MODULES_H
#define DAX_OWNER_SYSTEM_MODULES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum modules - whether a kernel uses the modules of dax_owner, and why not
 * @MODULES_ABSENT: the modules are not installed
 * @MODULES_USED: the modules are loaded, or udev will load them or does not need them
 * @MODULES_NEXT_BOOT: in-tree drivers were loaded before our modules existed, or by an initramfs
 * @MODULES_REFUSED: the kernel refuses the modules, because it has no key for their signatures
 * @MODULES_EXCLUDED: the configuration of modprobe or the kernel's command line excludes the modules
 * @MODULES_NO_KEY: the kernel refuses the modules, because it has no key for their signatures, and
 *	it has no in-tree drivers in their place
 * @MODULES_NO_DEVICE: the kernel has no device for which udev loads the modules
 * @MODULES_FAILED: the kernel cannot load the modules, for another reason
 * @MODULES_BUILT_IN: dax_hmem is built into the kernel, so that no module can replace it
 * @MODULES_UNSUPPORTED: the modules do not support the kernel
 * @MODULES_NO_HEADERS: DKMS did not build the modules, because the kernel's headers are missing
 * @MODULES_NOT_BUILT: DKMS did not build the modules, for another reason
 * @MODULES_NEWER: DKMS did not build the modules, and the kernel's series is untested
 */
enum modules {
	MODULES_ABSENT,
	MODULES_USED,
	MODULES_NEXT_BOOT,
	MODULES_REFUSED,
	MODULES_EXCLUDED,
	MODULES_NO_KEY,
	MODULES_NO_DEVICE,
	MODULES_FAILED,
	MODULES_BUILT_IN,
	MODULES_UNSUPPORTED,
	MODULES_NO_HEADERS,
	MODULES_NOT_BUILT,
	MODULES_NEWER,
};

/* Bytes of a command, with the terminating zero */
#define MODULES_COMMAND_LEN 256

/*
 * The message on an untested kernel, in the same words in dmesg, the journal and dax-owner explain
 */
#define MODULES_UNTESTED_TEXT \
	"untested kernel: the modules of dax_owner were not tested on its series"

bool modules_untested(const char *root);
int modules_save(const char *path, enum modules modules);
enum modules modules_find(const char *root, const char *release);
const char *modules_message(enum modules modules);
void modules_command(enum modules modules, const char *release, char command[MODULES_COMMAND_LEN]);

#endif /* DAX_OWNER_SYSTEM_MODULES_H */
