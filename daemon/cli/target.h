/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The target of a command: an argument of the command line, and the extents that it meets.
 */
#ifndef DAX_OWNER_CLI_TARGET_H
#define DAX_OWNER_CLI_TARGET_H

#include "cli/snapshot/snapshot.h"

/**
 * enum target_kind - the form of a target
 * @TARGET_ADDRESSES: an address, or several
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
 * struct target - a target of a command
 * @kind: its form
 * @span: for TARGET_ADDRESSES, both ends inclusive
 * @node: for TARGET_NODE
 * @name: for TARGET_DEVICE and TARGET_REGION
 * @word: the argument as given, the caller's; NULL for no target
 */
struct target {
	enum target_kind kind;
	struct dax_owner_span span;
	int node;
	char name[EXTENT_NAME_LEN];
	const char *word;
};

/* The forms that target_parse() accepts, in a line for messages */
#define TARGET_FORMS \
	"an address (0x690000000), a range (0x690000000-0x6cfffffff), dax0.0, region0 or node1"

int target_parse(const char *word, struct target *target);
int target_choose(const struct target *target, struct snapshot *snapshot);
bool target_meets(const struct target *target, const struct snapshot *snapshot,
		  const struct extent *extent);

#endif /* DAX_OWNER_CLI_TARGET_H */
