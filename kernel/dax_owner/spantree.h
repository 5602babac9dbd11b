/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tree of disjoint spans of addresses, ascending.
 *
 * The node is part of the object that has the span. So an insert needs no memory, and fails only
 * if spans overlap. Find, insert and remove take O(log n).
 *
 * The tree has no lock. A lock of the caller must protect the tree and the spans in it.
 */
#ifndef DAX_OWNER_SPANTREE_H
#define DAX_OWNER_SPANTREE_H

#include <linux/rbtree.h>

#include "verdict.h"

/**
 * struct dax_owner_spannode - a span in a tree
 * @rb: in the tree
 * @span: not empty; does not change while it is in a tree
 */
struct dax_owner_spannode {
	struct rb_node rb;
	struct dax_owner_span span;
};

struct dax_owner_spannode *dax_owner_spantree_insert(struct rb_root *tree,
						     struct dax_owner_spannode *node);
void dax_owner_spantree_remove(struct rb_root *tree, struct dax_owner_spannode *node);
struct dax_owner_spannode *dax_owner_spantree_first(const struct rb_root *tree,
						    const struct dax_owner_span *span);
struct dax_owner_spannode *dax_owner_spantree_next(const struct dax_owner_spannode *node,
						   const struct dax_owner_span *span);

/**
 * dax_owner_spantree_for_each - visit the spans that meet a span, ascending
 * @node: cursor
 * @tree: the tree, which must not change during the visit
 * @where: the span
 */
#define dax_owner_spantree_for_each(node, tree, where) \
	for ((node) = dax_owner_spantree_first(tree, where); (node); \
	     (node) = dax_owner_spantree_next(node, where))

#endif /* DAX_OWNER_SPANTREE_H */
