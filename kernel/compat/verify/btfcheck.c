// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compare our declarations of private kernel interfaces with a kernel's BTF.
 *
 *	btfcheck [-m MODULE]... features BTF LIST	print compat_config.h
 *	btfcheck [-m MODULE]... [-d NAME=VALUE|any]... verify BTF OBJECT
 *
 *	btfcheck raw BTF FILE				copy the bare BTF to FILE
 *
 * NAME=any accepts every value of a constant, for a kernel whose value is unknown. BTF is an ELF
 * file with a .BTF section (vmlinux) or raw BTF (/sys/kernel/btf/vmlinux). MODULE is an
 * uncompressed .ko whose BTF builds on BTF. LIST is features.list. OBJECT is a compiled probe.c.
 *
 * Exit status: 0 if all declarations fit the kernel, 1 if one does not, 2 if the check failed. A
 * declaration that the BTF does not have does not fit.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "ctype.h"
#include "layout.h"

#define MAX_BTFS 16
#define MAX_CONSTANTS 16

/* vmlinux first, then modules that build on it */
static struct btf *btfs[MAX_BTFS];
static int nr_btfs;

static struct {
	const char *name;
	unsigned long long value;
	bool any; /* every value fits: NAME=any */
} constants[MAX_CONSTANTS];
static int nr_constants;

static __attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...)
{
	va_list args;

	fputs("dax-owner: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

/* ---- the kernel's side ---- */

static void load_btf(const char *path)
{
	struct btf *btf;

	if (nr_btfs == MAX_BTFS)
		die("more than %d BTF files given", MAX_BTFS);
	btf = nr_btfs ? btf__parse_split(path, btfs[0]) : btf__parse(path, NULL);
	if (!btf)
		die("%s: no BTF that can be read: %s", path, strerror(errno));
	btfs[nr_btfs++] = btf;
}

/* Return the first id that a BTF adds: the BTF of a module continues the ids of vmlinux. */
static unsigned int first_id(int i)
{
	return i ? btf__type_cnt(btfs[0]) : 1;
}

struct member {
	const struct btf_type *owner;
	const struct btf_member *at;
	unsigned int bits; /* offset */
	unsigned int index;
};

/* Find a member by its name, also inside members that are anonymous structs or unions. */
static bool find_member(const struct btf *btf, const struct btf_type *type, const char *name,
			unsigned int base, struct member *found)
{
	const struct btf_member *m = btf_members(type);
	unsigned int i;

	for (i = 0; i < btf_vlen(type); i++, m++) {
		const char *mname = btf__name_by_offset(btf, m->name_off);
		unsigned int bits = base + btf_member_bit_offset(type, i);
		const struct btf_type *inner;

		if (!strcmp(mname, name)) {
			*found = (struct member) { type, m, bits, i };
			return true;
		}
		if (*mname)
			continue;
		inner = btf__type_by_id(btf, m->type);
		if (inner && btf_is_composite(inner) && find_member(btf, inner, name, bits, found))
			return true;
	}
	return false;
}

static bool named(const struct btf *btf, const struct btf_type *type, const char *name)
{
	return !strcmp(btf__name_by_offset(btf, type->name_off), name);
}

/*
 * Find the next type of this kind and name after *id of BTF *i, in any of the BTFs. Start with
 * *i = 0 and *id = 0.
 */
static const struct btf_type *next_type(int *i, unsigned int *id, unsigned int kind,
					const char *name)
{
	const struct btf_type *type;

	for (; *i < nr_btfs; (*i)++, *id = 0) {
		if (!*id)
			*id = first_id(*i) - 1;
		while (++*id < btf__type_cnt(btfs[*i])) {
			type = btf__type_by_id(btfs[*i], *id);
			if (btf_kind(type) == kind && named(btfs[*i], type, name))
				return type;
		}
	}
	return NULL;
}

/* ---- our side ---- */

static struct layout_record *records;
static size_t nr_records;

/* Compare records: the compiler may reverse their order, and members are printed by offset. */
static int record_cmp(const void *a, const void *b)
{
	const struct layout_record *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order)
		return order;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void load_records(const char *path)
{
	size_t i, shstrndx;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	Elf_Data *data;
	Elf *elf;
	int fd;

	if (elf_version(EV_CURRENT) == EV_NONE)
		die("libelf: %s", elf_errmsg(-1));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &shstrndx))
		die("%s: not an object file", path);

	while ((scn = elf_nextscn(elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, &shdr))
			continue;
		name = elf_strptr(elf, shstrndx, shdr.sh_name);
		if (name && !strcmp(name, LAYOUT_SECTION))
			break;
	}
	if (!scn)
		die("%s: no section %s: not compiled from probe.c", path, LAYOUT_SECTION);
	data = elf_getdata(scn, NULL);
	if (!data || !data->d_size || data->d_size % sizeof(*records))
		die("%s: %s does not hold whole records", path, LAYOUT_SECTION);

	nr_records = data->d_size / sizeof(*records);
	records = malloc(data->d_size);
	if (!records)
		die("out of memory");
	memcpy(records, data->d_buf, data->d_size);
	for (i = 0; i < nr_records; i++) {
		if (records[i].magic != LAYOUT_MAGIC)
			die("%s: record %zu is damaged", path, i);
		records[i].name[sizeof(records[i].name) - 1] = '\0';
		records[i].member[sizeof(records[i].member) - 1] = '\0';
		records[i].type[sizeof(records[i].type) - 1] = '\0';
	}
	qsort(records, nr_records, sizeof(*records), record_cmp);
	elf_end(elf);
	close(fd);
}

/* ---- comparing ---- */

static const char *canonical(const char *source)
{
	static char text[CTYPE_MAX];

	if (ctype_from_source(source, text))
		die("probe.c: the type \"%s\" is of a form that cannot be compared", source);
	return text;
}

/* Compare our member with one definition of the struct in the kernel. */
static bool member_fits(const struct btf *btf, const struct btf_type *type,
			const struct layout_record *r)
{
	char text[CTYPE_MAX];
	struct member m;

	if (!find_member(btf, type, r->member, 0, &m))
		return false;
	if (btf_member_bitfield_size(m.owner, m.index) || m.bits % 8)
		return false;
	return m.bits / 8 == r->offset && btf__resolve_size(btf, m.at->type) == (int64_t)r->value &&
	       !ctype_from_btf(btf, m.at->type, text) && !strcmp(text, canonical(r->type));
}

static bool is_struct(const struct layout_record *r)
{
	return r->kind == LAYOUT_KIND_STRUCT || r->kind == LAYOUT_KIND_STRUCT_HEAD;
}

static bool struct_fits(const struct btf *btf, const struct btf_type *type,
			const struct layout_record *head)
{
	const struct layout_record *r;

	if (head->kind == LAYOUT_KIND_STRUCT ? type->size != head->value : type->size < head->value)
		return false;
	for (r = records; r < records + nr_records; r++)
		if (r->kind == LAYOUT_KIND_MEMBER && !strcmp(r->name, head->name) &&
		    !member_fits(btf, type, r))
			return false;
	return true;
}

static void print_line(unsigned long long offset, unsigned long long size, const char *member,
		       const char *type)
{
	fprintf(stderr, "    %6llu %6llu  %s: %s\n", offset, size, member, type);
}

/* Print both layouts, one below the other. */
static void print_layouts(const struct btf *btf, const struct btf_type *type,
			  const struct layout_record *head)
{
	const struct btf_member *m = btf_members(type);
	const struct layout_record *r;
	unsigned int i;

	fprintf(stderr, "dax-owner: struct %s does not fit this kernel\n", head->name);
	fprintf(stderr, "  declared in compat/, %s%llu bytes:\n",
		head->kind == LAYOUT_KIND_STRUCT ? "" : "first ", head->value);
	fprintf(stderr, "    offset   size  member\n");
	for (r = records; r < records + nr_records; r++)
		if (r->kind == LAYOUT_KIND_MEMBER && !strcmp(r->name, head->name))
			print_line(r->offset, r->value, r->member, canonical(r->type));

	fprintf(stderr, "  in the kernel's BTF, %u bytes:\n", type->size);
	fprintf(stderr, "    offset   size  member\n");
	for (i = 0; i < btf_vlen(type); i++, m++) {
		const char *name = btf__name_by_offset(btf, m->name_off);
		int64_t size = btf__resolve_size(btf, m->type);
		char text[CTYPE_MAX];

		if (ctype_from_btf(btf, m->type, text))
			strcpy(text, "?");
		print_line(btf_member_bit_offset(type, i) / 8, size < 0 ? 0 : (uint64_t)size,
			   *name ? name : "(anonymous)", text);
	}
}

/* Compare a struct with every definition of that name, because any of them may be the one in use. */
static bool check_struct(const struct layout_record *head)
{
	const struct btf_type *type;
	unsigned int id = 0;
	bool found = false;
	int i = 0;

	while ((type = next_type(&i, &id, BTF_KIND_STRUCT, head->name))) {
		found = true;
		if (struct_fits(btfs[i], type, head))
			continue;
		print_layouts(btfs[i], type, head);
		return false;
	}
	if (!found)
		fprintf(stderr, "dax-owner: struct %s is not in this kernel's BTF\n", head->name);
	return found;
}

static bool check_function(const struct layout_record *r)
{
	const struct btf_type *type;
	char text[CTYPE_MAX];
	unsigned int id = 0;
	bool found = false;
	int i = 0;

	while ((type = next_type(&i, &id, BTF_KIND_FUNC, r->name))) {
		found = true;
		if (ctype_from_btf(btfs[i], type->type, text))
			strcpy(text, "a form that cannot be compared");
		if (!strcmp(text, canonical(r->type)))
			continue;
		fprintf(stderr, "dax-owner: %s() does not fit this kernel\n", r->name);
		fprintf(stderr, "  declared in compat/:   %s\n", canonical(r->type));
		fprintf(stderr, "  in the kernel's BTF:   %s\n", text);
		return false;
	}
	if (!found)
		fprintf(stderr, "dax-owner: %s() is not in this kernel's BTF\n", r->name);
	return found;
}

static bool check_constant(const struct layout_record *r)
{
	int i;

	for (i = 0; i < nr_constants; i++) {
		if (strcmp(constants[i].name, r->name))
			continue;
		if (constants[i].any || constants[i].value == r->value)
			return true;
		fprintf(stderr, "dax-owner: %s does not fit this kernel\n", r->name);
		fprintf(stderr, "  declared in compat/:   %llu\n", r->value);
		fprintf(stderr, "  in the kernel:         %llu\n", constants[i].value);
		return false;
	}
	fprintf(stderr, "dax-owner: %s cannot be found out for this kernel\n", r->name);
	return false;
}

static bool has_struct(const char *name)
{
	const struct layout_record *r;

	for (r = records; r < records + nr_records; r++)
		if (is_struct(r) && !strcmp(r->name, name))
			return true;
	return false;
}

static int verify(const char *object)
{
	const struct layout_record *r;
	size_t bad = 0;

	load_records(object);
	for (r = records; r < records + nr_records; r++) {
		switch (r->kind) {
		case LAYOUT_KIND_STRUCT:
		case LAYOUT_KIND_STRUCT_HEAD:
			bad += !check_struct(r);
			break;
		case LAYOUT_KIND_MEMBER: /* checked with its struct */
			if (!has_struct(r->name))
				die("probe.c: a member of struct %s, but no LAYOUT_STRUCT for it",
				    r->name);
			break;
		case LAYOUT_KIND_FUNCTION:
			bad += !check_function(r);
			break;
		case LAYOUT_KIND_CONSTANT:
			bad += !check_constant(r);
			break;
		default:
			die("%s: record of unknown kind %u", object, r->kind);
		}
	}
	if (bad) {
		fprintf(stderr,
			"dax-owner: %zu private interface%s of this kernel differ%s from what the modules were written for: not built\n",
			bad, bad == 1 ? "" : "s", bad == 1 ? "s" : "");
		return 1;
	}
	printf("dax-owner: %zu facts about private kernel interfaces agree with the kernel's BTF\n",
	       nr_records);
	return 0;
}

/* ---- features ---- */

static bool feature_holds(const char *path, int line, const char *what, const char *name,
			  const char *field)
{
	const struct btf_type *type;
	struct member m;
	unsigned int id = 0;
	int i = 0;

	if (!strcmp(what, "function") && !*field)
		return next_type(&i, &id, BTF_KIND_FUNC, name);
	if (!strcmp(what, "struct") && !*field)
		return next_type(&i, &id, BTF_KIND_STRUCT, name);
	if (strcmp(what, "member") || !*field)
		die("%s:%d: neither \"member STRUCT FIELD\", \"struct STRUCT\" nor \"function FUNCTION\"",
		    path, line);
	while ((type = next_type(&i, &id, BTF_KIND_STRUCT, name)))
		if (find_member(btfs[i], type, field, 0, &m))
			return true;
	return false;
}

static int features(const char *path)
{
	FILE *list = fopen(path, "re");
	char text[512];
	int line = 0;

	if (!list)
		die("%s: %s", path, strerror(errno));
	printf("/* SPDX-License-Identifier: GPL-2.0-only */\n");
	printf("/* Generated by compat/verify from features.list and the target's BTF */\n");
	while (fgets(text, sizeof(text), list)) {
		char define[64], what[16], name[64], field[64] = "";
		int n;

		line++;
		if (text[0] == '#' || text[0] == '\n')
			continue;
		n = sscanf(text, "%63s %15s %63s %63s", define, what, name, field);
		if (n < 3)
			die("%s:%d: incomplete line", path, line);
		if (feature_holds(path, line, what, name, field))
			printf("#define %s 1\n", define);
		else
			printf("/* #undef %s */\n", define);
	}
	fclose(list);
	return 0;
}

/* ---- raw ---- */

static int raw(const char *path)
{
	FILE *file = fopen(path, "we");
	const void *data;
	uint32_t size;

	data = btf__raw_data(btfs[0], &size);
	if (!file || !data || fwrite(data, size, 1, file) != 1 || fclose(file))
		die("%s: %s", path, strerror(errno));
	return 0;
}

static void add_constant(const char *arg)
{
	char *equals = strchr(arg, '=');
	char *end;

	if (!equals || nr_constants == MAX_CONSTANTS)
		die("-d %s: NAME=VALUE expected", arg);
	*equals = '\0';
	constants[nr_constants].name = arg;
	constants[nr_constants].value = strtoull(equals + 1, &end, 0);
	constants[nr_constants].any = !strcmp(equals + 1, "any");
	if (!constants[nr_constants].any && (!equals[1] || *end))
		die("-d %s=%s: not a number", arg, equals + 1);
	nr_constants++;
}

int main(int argc, char **argv)
{
	const char *modules[MAX_BTFS];
	int opt, i, nr_modules = 0;

	while ((opt = getopt(argc, argv, "m:d:")) != -1) {
		if (opt == 'm' && nr_modules < MAX_BTFS - 1)
			modules[nr_modules++] = optarg;
		else if (opt == 'd')
			add_constant(optarg);
		else
			die("usage: btfcheck [-m MODULE]... [-d NAME=VALUE]... features|verify|raw BTF FILE");
	}
	if (argc - optind != 3)
		die("usage: btfcheck [-m MODULE]... [-d NAME=VALUE]... features|verify|raw BTF FILE");

	libbpf_set_print(NULL);
	load_btf(argv[optind + 1]);
	for (i = 0; i < nr_modules; i++)
		load_btf(modules[i]);

	if (!strcmp(argv[optind], "features"))
		return features(argv[optind + 2]);
	if (!strcmp(argv[optind], "verify"))
		return verify(argv[optind + 2]);
	if (!strcmp(argv[optind], "raw"))
		return raw(argv[optind + 2]);
	die("%s: not \"features\", \"verify\" or \"raw\"", argv[optind]);
}
