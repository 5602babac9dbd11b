// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include <sys/capability.h>

#include "privileges.h"

/**
 * privileges_drop() - what was needed to set things up is not needed any more
 *
 * Return: 0, or a negative errno.
 */
int privileges_drop(void)
{
	cap_t none = cap_init();
	int r = 0;

	if (!none)
		return -ENOMEM;
	if (cap_reset_ambient() || cap_set_proc(none))
		r = -errno;
	cap_free(none);
	return r;
}
