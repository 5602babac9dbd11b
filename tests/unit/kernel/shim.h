/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel functions that ledger.c, extent.c, overdue.c and spantree.c use, in userspace.
 *
 * The shim counts calls, and can make allocations and devices fail. Time advances only in
 * shim_wait(). lockdep_assert_held() fails if the lock is not held. There is one thread.
 */
/* clang-format off: a stub keeps to one line */
#ifndef SHIM_H
#define SHIM_H

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t u64;

/* Counts of calls, how often calls fail, and the time */
struct shim {
	u64 allocs, device_adds, device_dels, uevents, links, unlinks, inserts, erases, steps;
	u64 live; /* allocations not freed */
	unsigned int fail_alloc; /* one call in this many fails; 0: none */
	unsigned int fail_device;
	u64 jiffies;
	u64 random;
};

extern struct shim shim;

bool shim_fails(unsigned int one_in);

#define __init
#define IS_ENABLED(option) 1
#define KBUILD_MODNAME "shim"
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, value) ((x) = (value))
#define SZ_2M (2u << 20)
#define NUMA_NO_NODE (-1)
#define NSEC_PER_USEC 1000u
#define MSEC_PER_SEC 1000u
#define div_u64(a, b) ((a) / (b))
#define WARN_ON_ONCE(condition) \
	({ \
		bool hit__ = (condition); \
		assert(!hit__); \
		hit__; \
	})
#define WARN_ONCE(condition, ...) \
	({ \
		if (condition) { \
			fprintf(stderr, __VA_ARGS__); \
			abort(); \
		} \
	})
#define pr_err(...) shim_log(__VA_ARGS__)
#define pr_info(...) shim_log(__VA_ARGS__)
#define dev_warn(dev, ...) shim_log(__VA_ARGS__)

static inline void shim_log(const char *format, ...)
{
	(void)format;
}

/* --- locks --- */

struct mutex {
	bool held;
};

typedef struct {
	bool held;
} spinlock_t;

static inline void mutex_lock(struct mutex *lock)
{
	assert(!lock->held);
	lock->held = true;
}

static inline void mutex_unlock(struct mutex *lock)
{
	assert(lock->held);
	lock->held = false;
}

#define lockdep_assert_held(lock) assert((lock)->held)
#define spin_lock_init(lock) ((lock)->held = false)
#define spin_lock(lock) ((lock)->held = true)
#define spin_unlock(lock) ((lock)->held = false)

/* --- memory --- */

#define GFP_KERNEL 0
#define kzalloc(size, flags) shim_alloc(size)

void *shim_alloc(size_t size);
void kfree(void *p);

/* --- lists --- */

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD(name) struct list_head name = { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add(struct list_head *node, struct list_head *after)
{
	node->next = after->next;
	node->prev = after;
	after->next->prev = node;
	after->next = node;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	list_add(node, head->prev);
}

static inline void list_del_init(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
	INIT_LIST_HEAD(node);
}

#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->next, type, member))
#define list_for_each_entry_safe(at, after, head, member) \
	for (at = list_entry((head)->next, __typeof__(*at), member), \
	    after = list_entry(at->member.next, __typeof__(*at), member); \
	     &at->member != (head); \
	     at = after, after = list_entry(after->member.next, __typeof__(*at), member))

/* --- trees: balanced by chance --- */

struct rb_node {
	struct rb_node *up, *rb_left, *rb_right;
	u64 weight;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT ((struct rb_root) { NULL })
#define rb_entry(p, type, member) container_of(p, type, member)

void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link);
void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);

/* --- devices --- */

struct kobject {
	int unused;
};

struct class
{
	const char *name;
};

struct device_type {
	const char *name;
};

struct device {
	struct kobject kobj;
	const struct device_type *type;
	const struct class *class;
	void (*release)(struct device *dev);
	unsigned int refs;
	bool added, quiet;
	char name[32];
};

enum { KOBJ_ADD, KOBJ_CHANGE };

void device_initialize(struct device *dev);
int device_add(struct device *dev);
void device_del(struct device *dev);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
#define dev_set_name(dev, ...) (snprintf((dev)->name, sizeof((dev)->name), __VA_ARGS__) < 0)
#define dev_name(dev) ((const char *)(dev)->name)
#define dev_set_uevent_suppress(dev, value) ((dev)->quiet = (value))
#define kobject_uevent(kobj, action) ((void)(action), (void)(kobj), (void)shim.uevents++)
int sysfs_create_link(struct kobject *from, struct kobject *to, const char *name);
void sysfs_remove_link(struct kobject *from, const char *name);

/* --- time --- */

struct workqueue_struct;

struct work_struct {
	void (*run)(struct work_struct *work);
};

struct delayed_work {
	struct work_struct work;
	bool armed;
	u64 when;
};

#define DECLARE_DELAYED_WORK(name, fn) struct delayed_work name = { .work = { fn } }
#define msecs_to_jiffies(ms) (ms)
#define get_jiffies_64() shim.jiffies
#define ktime_get_boottime_ns() (shim.jiffies * 1000000)

void queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, u64 delay);
/* Advance the time, and run each timer that becomes due */
void shim_wait(u64 jiffies);

/* --- tracepoints --- */

#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...)
#define TRACE_EVENT(name, proto, ...) \
	static inline __attribute__((unused)) void trace_##name(proto) { }

#endif /* SHIM_H */
