// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write the BTF of a made-up kernel with two structs and one function, for the
 * test of btfcheck.
 *
 *	struct range { unsigned long long start, end; };
 *	struct thing { int id; const char *name; struct range range; };
 *	struct thing *find_thing(struct device *, unsigned long);
 */
#include <stdio.h>

#include <bpf/btf.h>

int main(int argc, char **argv)
{
	struct btf *btf = btf__new_empty();
	int t_int, t_ulong, t_u64, t_char, t_name, t_range, t_thing, t_device, t_proto;
	const void *data;
	__u32 size;
	FILE *file;

	if (!btf || argc != 2)
		return 1;
	t_int = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	t_ulong = btf__add_int(btf, "long unsigned int", 8, 0);
	t_u64 = btf__add_int(btf, "long long unsigned int", 8, 0);
	t_char = btf__add_int(btf, "char", 1, BTF_INT_CHAR);
	t_name = btf__add_ptr(btf, btf__add_const(btf, t_char));

	t_range = btf__add_struct(btf, "range", 16);
	btf__add_field(btf, "start", t_u64, 0, 0);
	btf__add_field(btf, "end", t_u64, 64, 0);

	t_thing = btf__add_struct(btf, "thing", 32);
	btf__add_field(btf, "id", t_int, 0, 0);
	btf__add_field(btf, "name", t_name, 64, 0);
	btf__add_field(btf, "range", t_range, 128, 0);

	t_device = btf__add_ptr(btf, btf__add_fwd(btf, "device", BTF_FWD_STRUCT));
	t_proto = btf__add_func_proto(btf, btf__add_ptr(btf, t_thing));
	btf__add_func_param(btf, "dev", t_device);
	btf__add_func_param(btf, "flags", t_ulong);
	btf__add_func(btf, "find_thing", BTF_FUNC_GLOBAL, t_proto);

	data = btf__raw_data(btf, &size);
	file = fopen(argv[1], "w");
	if (!data || !file || fwrite(data, size, 1, file) != 1 || fclose(file))
		return 1;
	btf__free(btf);
	return 0;
}
