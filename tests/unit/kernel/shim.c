// SPDX-License-Identifier: GPL-2.0-only
#include "shim.h"

struct shim shim;

/* splitmix64 */
static u64 any(void)
{
	u64 z = (shim.random += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

bool shim_fails(unsigned int one_in)
{
	return one_in && any() % one_in == 0;
}

void *shim_alloc(size_t size)
{
	shim.allocs++;
	if (shim_fails(shim.fail_alloc))
		return NULL;
	shim.live++;
	return calloc(1, size);
}

void kfree(void *p)
{
	shim.live -= p != NULL;
	free(p);
}

/* --- trees --- */

static void hang(struct rb_root *root, struct rb_node *old, struct rb_node *new)
{
	struct rb_node *up = old->up;

	if (!up)
		root->rb_node = new;
	else if (up->rb_left == old)
		up->rb_left = new;
	else
		up->rb_right = new;
	if (new)
		new->up = up;
}

/* Put @node in the place of its parent, and the parent below it */
static void rotate(struct rb_root *root, struct rb_node *node)
{
	struct rb_node *parent = node->up, *middle;
	bool left = parent->rb_left == node;

	hang(root, parent, node);
	middle = left ? node->rb_right : node->rb_left;
	if (left) {
		node->rb_right = parent;
		parent->rb_left = middle;
	} else {
		node->rb_left = parent;
		parent->rb_right = middle;
	}
	parent->up = node;
	if (middle)
		middle->up = parent;
}

void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	*node = (struct rb_node) { .up = parent, .weight = any() };
	*link = node;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	shim.inserts++;
	while (node->up && node->up->weight > node->weight)
		rotate(root, node);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	shim.erases++;
	while (node->rb_left && node->rb_right)
		rotate(root, node->rb_left->weight < node->rb_right->weight ? node->rb_left :
									      node->rb_right);
	hang(root, node, node->rb_left ? node->rb_left : node->rb_right);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	const struct rb_node *up;

	shim.steps++;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	for (up = node->up; up && up->rb_right == node; up = up->up)
		node = up;
	return (struct rb_node *)up;
}

/* --- devices --- */

void device_initialize(struct device *dev)
{
	dev->refs = 1;
}

int device_add(struct device *dev)
{
	static bool seen[1 << 20];
	unsigned long number = strtoul(dev->name + strlen("extent"), NULL, 10);

	shim.device_adds++;
	/* a name is never used twice */
	assert(number < sizeof(seen) && !seen[number]);
	seen[number] = true;
	if (shim_fails(shim.fail_device))
		return -ENOMEM;
	assert(!dev->added);
	dev->added = true;
	return 0;
}

void device_del(struct device *dev)
{
	shim.device_dels++;
	assert(dev->added);
	dev->added = false;
}

struct device *get_device(struct device *dev)
{
	if (dev)
		dev->refs++;
	return dev;
}

void put_device(struct device *dev)
{
	if (!dev)
		return;
	assert(dev->refs);
	if (--dev->refs)
		return;
	assert(!dev->added);
	dev->release(dev);
}

int sysfs_create_link(struct kobject *from, struct kobject *to, const char *name)
{
	(void)name;
	assert(container_of(from, struct device, kobj)->added);
	assert(container_of(to, struct device, kobj)->added);
	shim.links++;
	return 0;
}

void sysfs_remove_link(struct kobject *from, const char *name)
{
	(void)name;
	assert(container_of(from, struct device, kobj)->added);
	shim.unlinks++;
}

/* --- time --- */

static struct delayed_work *only_work;

void queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, u64 delay)
{
	(void)wq;
	assert(!only_work || only_work == work);
	only_work = work;
	if (work->armed)
		return;
	work->armed = true;
	work->when = shim.jiffies + delay;
}

void shim_wait(u64 jiffies)
{
	u64 until = shim.jiffies + jiffies;

	while (only_work && only_work->armed && only_work->when <= until) {
		if (only_work->when > shim.jiffies)
			shim.jiffies = only_work->when;
		only_work->armed = false;
		only_work->work.run(&only_work->work);
	}
	shim.jiffies = until;
}
