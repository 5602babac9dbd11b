/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records that describe our declarations of private kernel interfaces, as the compiler lays them
 * out. btfcheck reads them from the object file and compares them with the BTF of the target
 * kernel.
 *
 * The declarations in compat/ stay plain C. probe.c lists the facts that must be true for each of
 * them. The compiler refuses a line whose type text is not the type that the header declares, so
 * the text is correct:
 *
 *	LAYOUT_STRUCT(cxl_dax_region);		all of it: same size as the kernel's
 *	LAYOUT_STRUCT_HEAD(cxl_region);		its first members only
 *	LAYOUT_MEMBER(cxl_region, id, int);	same offset, size and type
 *	LAYOUT_FUNCTION(cxl_driver_unregister, void (struct cxl_driver *));
 *	LAYOUT_CONSTANT(CXL_DEVICE_DAX_REGION);	compared with what `prepare` found
 *
 * Records contain text, not pointers, so the object needs no relocation. They contain no kernel
 * types, because btfcheck.c reads them on the build machine.
 */
#ifndef DAX_OWNER_LAYOUT_H
#define DAX_OWNER_LAYOUT_H

#define LAYOUT_SECTION ".dax_owner_layout"
#define LAYOUT_MAGIC 0x6c61796fu

enum layout_kind {
	LAYOUT_KIND_STRUCT = 1,
	LAYOUT_KIND_STRUCT_HEAD,
	LAYOUT_KIND_MEMBER,
	LAYOUT_KIND_FUNCTION,
	LAYOUT_KIND_CONSTANT,
};

/**
 * struct layout_record - one fact about one of our declarations
 * @magic: LAYOUT_MAGIC
 * @kind: an enum layout_kind
 * @offset: of a member, in bytes
 * @value: size in bytes; the value of a constant
 * @name: of the struct, function or constant
 * @member: of the struct, or empty
 * @type: of the member or function, as C text
 */
struct layout_record {
	unsigned int magic;
	unsigned int kind;
	unsigned long long offset;
	unsigned long long value;
	char name[64];
	char member[64];
	char type[256];
};

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/stddef.h>

#define __LAYOUT(...) \
	static const struct layout_record __UNIQUE_ID(layout) __used __aligned(8) \
		__section(LAYOUT_SECTION) = { .magic = LAYOUT_MAGIC, __VA_ARGS__ }

#define LAYOUT_STRUCT(tag) \
	__LAYOUT(.kind = LAYOUT_KIND_STRUCT, .name = #tag, .value = sizeof(struct tag))

#define LAYOUT_STRUCT_HEAD(tag) \
	__LAYOUT(.kind = LAYOUT_KIND_STRUCT_HEAD, .name = #tag, .value = sizeof(struct tag))

#define LAYOUT_MEMBER(tag, field, ...) \
	static_assert(__same_type(((struct tag *)0)->field, __VA_ARGS__), \
		      "struct " #tag "." #field " is not " #__VA_ARGS__); \
	__LAYOUT(.kind = LAYOUT_KIND_MEMBER, .name = #tag, .member = #field, \
		 .offset = offsetof(struct tag, field), .value = sizeof(((struct tag *)0)->field), \
		 .type = #__VA_ARGS__)

#define LAYOUT_FUNCTION(function, ...) \
	static_assert(__same_type(function, __VA_ARGS__), #function " is not " #__VA_ARGS__); \
	__LAYOUT(.kind = LAYOUT_KIND_FUNCTION, .name = #function, .type = #__VA_ARGS__)

#define LAYOUT_CONSTANT(constant) \
	__LAYOUT(.kind = LAYOUT_KIND_CONSTANT, .name = #constant, .value = (constant))
#endif /* __KERNEL__ */

#endif /* DAX_OWNER_LAYOUT_H */
