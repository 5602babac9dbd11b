/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An extent in userspace: a part of a Soft Reserved range with one owner, one state and one reason.
 *
 * The ledger, the observer or a file from before a restart is its source; the type is the same for
 * all three. Each program writes an extent with the property names of docs/abi/uevents.md.
 */
#ifndef DAX_OWNER_MODEL_EXTENT_H
#define DAX_OWNER_MODEL_EXTENT_H

#include "record.h"

/* Bytes of the longest name of a device, with the terminating zero; longer names are cut */
#define EXTENT_NAME_LEN 32

/**
 * struct extent - a span of addresses with one owner, one state and one reason
 * @span: the addresses, both ends inclusive
 * @hidden: the addresses are not known, because only root may read them. @span has the right size,
 *	and its start has no meaning.
 * @owner: the driver that claims the extent by decision, also before its claim
 * @previous: @owner before its last change
 * @expected: the owner that the rules give; DAX_OWNER_NONE if the arbiter always follows the rules
 * @state: the state
 * @reason: why the rules gave the extent @owner, or no owner
 * @flags: a set of DAX_OWNER_FLAG_*
 * @node: NUMA node of the memory, -1 if unknown
 * @error: negative errno of a failed claim, 0 if no claim failed
 * @usable_bytes: bytes that can be system memory
 * @block_loss_bytes: bytes that lie in no whole memory block of the DAX device
 * @decided_us: time of the verdict, in µs since boot including suspend; 0 if not known
 * @device: name of the DAX device, "" if there is none
 * @holder: name of the device that had the addresses when the claim failed, "" if not known
 */
struct extent {
	struct dax_owner_span span;
	bool hidden;
	enum dax_owner_owner owner;
	enum dax_owner_owner previous;
	enum dax_owner_owner expected;
	enum dax_owner_state state;
	enum dax_owner_reason reason;
	unsigned int flags;
	int node;
	int error;
	u64 usable_bytes;
	u64 block_loss_bytes;
	u64 decided_us;
	char device[EXTENT_NAME_LEN];
	char holder[EXTENT_NAME_LEN];
};

/**
 * typedef extent_get_fn - return the value of a property
 * @name: name of the property, without the prefix DAX_OWNER_
 * @from: the source, from the caller of extent_read()
 *
 * Return: the value, valid until the next call; NULL if there is no such property.
 */
typedef const char *(*extent_get_fn)(const char *name, void *from);

/**
 * typedef extent_put_fn - write one property
 * @name: name of the property, with the prefix DAX_OWNER_
 * @value: value of the property, valid during the call; may be ""
 * @to: the destination, from the caller of extent_write()
 */
typedef void (*extent_put_fn)(const char *name, const char *value, void *to);

unsigned int extent_next_flag(unsigned int flags, unsigned int flag);
bool extent_is_wrong(const struct extent *extent);
bool extent_is_at_risk(const struct extent *extent);
bool extent_is_claimed(const struct extent *extent);
bool extent_lacks_node(const struct extent *extent);
u64 extent_size(const struct extent *extent);
int extent_read(struct extent *extent, extent_get_fn get, void *from);
void extent_write(const struct extent *extent, extent_put_fn put, void *to);

#endif /* DAX_OWNER_MODEL_EXTENT_H */
