/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What dax-owner is asked about: a word of the command line, and which extents it means.
 */
#ifndef DAX_OWNER_CLI_TARGET_H
#define DAX_OWNER_CLI_TARGET_H

#include "cli/snapshot/snapshot.h"

/**
 * enum target_kind - what sort of thing
 * @TARGET_ADDRESSES: an address, or a range of them
 * @TARGET_DEVICE: a DAX device
 * @TARGET_REGION: a CXL region
 * @TARGET_NODE: a NUMA node
 */
enum target_kind {
	TARGET_ADDRESSES,
	TARGET_DEVICE,
	TARGET_REGION,
	TARGET_NODE,
};

/**
 * struct target - what is asked about
 * @kind: what sort of thing
 * @span: of TARGET_ADDRESSES, both ends inclusive
 * @node: of TARGET_NODE
 * @name: of a device or a region
 * @word: as it was said, the caller's; NULL for none
 */
struct target {
	enum target_kind kind;
	struct dax_owner_span span;
	int node;
	char name[EXTENT_NAME_LEN];
	const char *word;
};

/* What target_parse() takes, in a line for people */
#define TARGET_FORMS "an address (0x690000000), a range (0x690000000-0x6cfffffff), dax0.0, region0 or node1"

int target_parse(const char *word, struct target *target);
int target_choose(const struct target *target, struct snapshot *snapshot);
bool target_meets(const struct target *target, const struct snapshot *snapshot, const struct extent *extent);

#endif /* DAX_OWNER_CLI_TARGET_H */
