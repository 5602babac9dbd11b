// SPDX-License-Identifier: GPL-2.0-only
#include "cut.h"

/**
 * dax_owner_usable() - bytes of a part that lie in whole memory blocks of a device
 * @device: the addresses of the device
 * @part: addresses
 * @block_size: a power of two
 *
 * Return: the number of bytes.
 */
u64 dax_owner_usable(const struct dax_owner_span *device, const struct dax_owner_span *part,
		     u64 block_size)
{
	u64 start = (device->start + block_size - 1) & ~(block_size - 1);
	u64 past = (device->end + 1) & ~(block_size - 1);
	u64 end = past - 1;

	if (start < device->start || (past && start >= past))
		return 0;
	if (start < part->start)
		start = part->start;
	if (end > part->end)
		end = part->end;
	return start > end ? 0 : end - start + 1;
}
