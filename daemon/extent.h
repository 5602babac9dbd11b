/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An extent as userspace knows it: a piece of a Soft Reserved range with one owner.
 *
 * Whether it was read from the kernel's ledger, computed by the observer or remembered
 * from before a restart makes no difference. It is put in words with the names that
 * docs/abi/uevents.md has for it, wherever it is written down.
 */
#ifndef DAX_OWNERD_EXTENT_H
#define DAX_OWNERD_EXTENT_H

#include "verdict.h"

/* Longest name of a device, with its terminator; longer ones are cut */
#define EXTENT_NAME_LEN 32

/**
 * enum dax_owner_state - how far an extent has come, as in docs/abi/sysfs-class-dax-owner
 * @DAX_OWNER_STATE_PENDING: the initial pass has not decided yet
 * @DAX_OWNER_STATE_DECIDED: there is a verdict, the owner has not claimed yet
 * @DAX_OWNER_STATE_CLAIMED: the owner holds the addresses, its DAX device has no driver
 * @DAX_OWNER_STATE_OWNED: a driver is bound to the DAX device
 * @DAX_OWNER_STATE_RELEASED: its CXL region was torn down, nothing decodes the addresses
 * @DAX_OWNER_STATE_STRANDED: nobody has it
 */
enum dax_owner_state {
	DAX_OWNER_STATE_PENDING,
	DAX_OWNER_STATE_DECIDED,
	DAX_OWNER_STATE_CLAIMED,
	DAX_OWNER_STATE_OWNED,
	DAX_OWNER_STATE_RELEASED,
	DAX_OWNER_STATE_STRANDED,
};

/**
 * struct extent - who owns a span of addresses, and why
 * @span: the addresses, both ends inclusive
 * @owner: whose it is or is to be
 * @previous: @owner before it last changed
 * @expected: whose it should be by the rules, NONE where the arbiter follows them anyway
 * @state: how far it has come
 * @reason: why @owner is the owner, or why nobody is
 * @flags: DAX_OWNER_FLAG_DEADLINE or 0
 * @node: NUMA node of the memory, -1 if unknown
 * @error: negative errno of a failed claim, 0 if none failed
 * @device: the DAX device, "" without one
 * @holder: who held the addresses when the claim failed, "" if not known
 */
struct extent {
	struct dax_owner_span span;
	enum dax_owner_owner owner;
	enum dax_owner_owner previous;
	enum dax_owner_owner expected;
	enum dax_owner_state state;
	enum dax_owner_reason reason;
	unsigned int flags;
	int node;
	int error;
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

const char *dax_owner_state_name(enum dax_owner_state state);
bool extent_is_wrong(const struct extent *extent);
u64 extent_size(const struct extent *extent);
int extent_read(struct extent *extent, extent_get_fn get, void *from);
void extent_write(const struct extent *extent, extent_put_fn put, void *to);

#endif /* DAX_OWNERD_EXTENT_H */
