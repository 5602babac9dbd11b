/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An extent as userspace knows it: a piece of a Soft Reserved range with one owner.
 *
 * Whether it was read from the kernel's ledger, computed by the observer or remembered
 * from before a restart makes no difference. It is put in words with the names that
 * docs/abi/uevents.md has for it, wherever it is written down.
 */
#ifndef DAX_OWNER_MODEL_EXTENT_H
#define DAX_OWNER_MODEL_EXTENT_H

#include "record.h"

/* Longest name of a device, with its terminator; longer ones are cut */
#define EXTENT_NAME_LEN 32

/**
 * struct extent - who owns a span of addresses, and why
 * @span: the addresses, both ends inclusive
 * @hidden: the addresses are not known, because they are for root only: @span has the right size, and
 *	says nothing about where
 * @owner: whose it is or is to be
 * @previous: @owner before it last changed
 * @expected: whose it should be by the rules, NONE where the arbiter follows them anyway
 * @state: how far it has come
 * @reason: why @owner is the owner, or why it has none
 * @flags: a set of DAX_OWNER_FLAG_*
 * @node: NUMA node of the memory, -1 if unknown
 * @error: negative errno of a failed claim, 0 if none failed
 * @usable_bytes: bytes that can be system memory
 * @block_loss_bytes: bytes that lie in no whole memory block of the DAX device
 * @decided_us: when the verdict was given, in µs since boot with suspend; 0 if not known
 * @device: the DAX device, "" without one
 * @holder: who held the addresses when the claim failed, "" if not known
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
 * typedef extent_get_fn - look up a property
 * @name: without the prefix DAX_OWNER_
 * @from: where
 *
 * Return: its value, valid until the next call; NULL if there is none.
 */
typedef const char *(*extent_get_fn)(const char *name, void *from);

/**
 * typedef extent_put_fn - take a property
 * @name: with the prefix DAX_OWNER_
 * @value: of it, may be ""
 * @to: where
 */
typedef void (*extent_put_fn)(const char *name, const char *value, void *to);

unsigned int extent_next_flag(unsigned int flags, unsigned int flag);
bool extent_is_wrong(const struct extent *extent);
bool extent_is_at_risk(const struct extent *extent);
bool extent_is_held(const struct extent *extent);
bool extent_lacks_node(const struct extent *extent);
u64 extent_size(const struct extent *extent);
int extent_read(struct extent *extent, extent_get_fn get, void *from);
void extent_write(const struct extent *extent, extent_put_fn put, void *to);

#endif /* DAX_OWNER_MODEL_EXTENT_H */
