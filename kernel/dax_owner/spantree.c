// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree of disjoint spans of addresses.
 *
 * Because the spans are disjoint, their starts and their ends have the same order: one
 * key is enough, and the first span that meets another one is found on one way down.
 */
#include "spantree.h"

#define to_node(r) rb_entry(r, struct dax_owner_spannode, rb)

/**
 * dax_owner_spantree_insert() - insert a span, unless another one has bytes of it
 * @tree: the tree
 * @node: in no tree, its span set
 *
 * Return: NULL; a node that @node has a byte in common with, and @node is not inserted then.
 */
struct dax_owner_spannode *dax_owner_spantree_insert(struct rb_root *tree,
						     struct dax_owner_spannode *node)
{
	struct rb_node **link = &tree->rb_node, *parent = NULL;

	while (*link) {
		struct dax_owner_spannode *other = to_node(*link);

		parent = *link;
		if (node->span.end < other->span.start)
			link = &parent->rb_left;
		else if (node->span.start > other->span.end)
			link = &parent->rb_right;
		else
			return other;
	}
	rb_link_node(&node->rb, parent, link);
	rb_insert_color(&node->rb, tree);
	return NULL;
}

/**
 * dax_owner_spantree_remove() - remove a span
 * @tree: the tree
 * @node: in @tree
 */
void dax_owner_spantree_remove(struct rb_root *tree, struct dax_owner_spannode *node)
{
	rb_erase(&node->rb, tree);
}

/**
 * dax_owner_spantree_first() - find the lowest span that meets a span
 * @tree: the tree
 * @span: where to look
 *
 * Return: its node; NULL if none does.
 */
struct dax_owner_spannode *dax_owner_spantree_first(const struct rb_root *tree,
						    const struct dax_owner_span *span)
{
	struct rb_node *at = tree->rb_node;
	struct dax_owner_spannode *found = NULL;

	while (at) {
		if (to_node(at)->span.end < span->start) {
			at = at->rb_right;
		} else {
			found = to_node(at);
			at = at->rb_left;
		}
	}
	return found && dax_owner_span_meets(&found->span, span) ? found : NULL;
}

/**
 * dax_owner_spantree_next() - find the next span that meets a span
 * @node: one that does
 * @span: where to look
 *
 * Return: the node after @node; NULL if that one does not meet @span.
 */
struct dax_owner_spannode *dax_owner_spantree_next(const struct dax_owner_spannode *node,
						   const struct dax_owner_span *span)
{
	struct rb_node *next = rb_next(&node->rb);

	return next && dax_owner_span_meets(&to_node(next)->span, span) ? to_node(next) : NULL;
}
