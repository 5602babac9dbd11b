// SPDX-License-Identifier: GPL-2.0-only
/*
 * A probe object for the kernel of fake-btf.c. Macros of the command line replace
 * the values below, to make a probe that does not fit.
 */
/* clang-format off: a record keeps its kind and name on one line */
#include "layout.h"

#ifndef THING_SIZE
#define THING_SIZE 32
#endif
#ifndef THING_KIND
#define THING_KIND LAYOUT_KIND_STRUCT
#endif
#ifndef NAME_OFFSET
#define NAME_OFFSET 8
#endif
#ifndef NAME_TYPE
#define NAME_TYPE "const char *"
#endif
#ifndef NAME_FIELD
#define NAME_FIELD "name"
#endif
#ifndef RANGE_SIZE
#define RANGE_SIZE 16
#endif
#ifndef FIND_THING
#define FIND_THING "find_thing"
#endif
#ifndef FIND_THING_TYPE
#define FIND_THING_TYPE "struct thing *(struct device *dev, unsigned long int)"
#endif

#define RECORD \
	__attribute__((used, aligned(8), section(LAYOUT_SECTION))) static const struct layout_record

RECORD thing = {
	.magic = LAYOUT_MAGIC,
	.kind = THING_KIND,
	.name = "thing",
	.value = THING_SIZE,
};
RECORD thing_id = {
	.magic = LAYOUT_MAGIC,
	.kind = LAYOUT_KIND_MEMBER,
	.name = "thing",
	.member = "id",
	.offset = 0,
	.value = 4,
	.type = "int",
};
RECORD thing_name = {
	.magic = LAYOUT_MAGIC,
	.kind = LAYOUT_KIND_MEMBER,
	.name = "thing",
	.member = NAME_FIELD,
	.offset = NAME_OFFSET,
	.value = 8,
	.type = NAME_TYPE,
};
RECORD thing_range = {
	.magic = LAYOUT_MAGIC,
	.kind = LAYOUT_KIND_MEMBER,
	.name = "thing",
	.member = "range",
	.offset = 16,
	.value = RANGE_SIZE,
	.type = "struct range",
};
RECORD find_thing = {
	.magic = LAYOUT_MAGIC,
	.kind = LAYOUT_KIND_FUNCTION,
	.name = FIND_THING,
	.type = FIND_THING_TYPE,
};
RECORD the_answer = {
	.magic = LAYOUT_MAGIC,
	.kind = LAYOUT_KIND_CONSTANT,
	.name = "THE_ANSWER",
	.value = 42,
};
