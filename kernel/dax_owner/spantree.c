// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree of disjoint spans of addresses.
 *
 * The spans are disjoint, so their starts and their ends have the same order. So one key is
 * enough, and one way down finds the first span that meets another one.
 */
#include "spantree.h"

#define to_node(r) rb_entry(r, struct dax_owner_spannode, rb)

/**
 * dax_owner_spantree_insert() - insert a span unless it meets another one in the tree
 * @tree: the tree
 * @node: in no tree, with its span set; the caller owns it
 *
 * Return: NULL if @node was inserted; else a node that it has a byte in common with.
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
 * @span: the span to search, end inclusive
 *
 * Return: the node of that span; NULL if no span meets @span.
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
 * @node: a node whose span meets @span
 * @span: the span to search, end inclusive
 *
 * Return: the node after @node; NULL if that one does not meet @span.
 */
struct dax_owner_spannode *dax_owner_spantree_next(const struct dax_owner_spannode *node,
						   const struct dax_owner_span *span)
{
	struct rb_node *next = rb_next(&node->rb);

	return next && dax_owner_span_meets(&to_node(next)->span, span) ? to_node(next) : NULL;
}
