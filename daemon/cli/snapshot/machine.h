/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is around the extents that has made them what they are: firmware's windows, CXL's devices
 * and regions, the kernel's configuration and policy.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_MACHINE_H
#define DAX_OWNER_CLI_SNAPSHOT_MACHINE_H

#include "model/extent.h"
#include "system/modules.h"
#include "model/spans.h"

/**
 * struct cxl_region - a CXL region, committed or not
 * @name: of its device
 * @span: its addresses, empty (end below start) where it has none yet
 * @committed: its decoders decode
 * @bound: the CXL core's driver has it
 * @dax: there is a DAX region for it, which dax_cxl can claim
 * @pmem: of persistent memory, which dax_cxl has nothing to do with
 */
struct cxl_region {
	char name[EXTENT_NAME_LEN];
	struct dax_owner_span span;
	bool committed;
	bool bound;
	bool dax;
	bool pmem;
};

/* Options of the kernel that it takes, a bit each; names by machine_option() */
enum kernel_option {
	OPTION_EFI_SOFT_RESERVE,
	OPTION_CXL_BUS,
	OPTION_CXL_ACPI,
	OPTION_CXL_PCI,
	OPTION_CXL_MEM,
	OPTION_CXL_REGION,
	OPTION_DEV_DAX_CXL,
	OPTION_DEV_DAX_HMEM,
	OPTION_DEV_DAX_KMEM,
	OPTIONS
};

/**
 * struct machine - all of that
 * @has_cedt: firmware has a table of CXL windows
 * @windows_known: and it could be read, and understood
 * @cedt_damaged: it could be read, but not understood
 * @windows: the windows
 * @no_soft_reserve: the kernel was told to ignore what firmware marks
 * @config_known: the kernel's configuration could be read
 * @missing: the options that it is built without, a bit each
 * @hmem_built_in: dax_hmem is not a module
 * @modules: what became of the modules of dax_owner, where they are installed
 * @untested: the modules of dax_owner are loaded, and untested on this kernel
 * @modules_command: what can be done about it, or ""
 * @functions: how many PCI functions are CXL memory devices
 * @functions_unbound: how many of them have no driver
 * @memdevs: how many memory devices the CXL core has
 * @memdevs_idle: how many of them without an endpoint, that is, without a way to memory
 * @roots: how many CXL hierarchies there are (cxl_acpi)
 * @regions: the CXL regions, owned by this
 * @n_regions: how many
 * @block_size: bytes of a memory block, 0 if not known
 * @auto_online: what the kernel does with new memory: offline, online, online_kernel, online_movable
 */
struct machine {
	bool has_cedt;
	bool windows_known;
	bool cedt_damaged;
	struct spans windows;
	bool no_soft_reserve;
	bool config_known;
	unsigned int missing;
	bool hmem_built_in;
	enum modules modules;
	bool untested;
	char modules_command[MODULES_COMMAND_LEN];
	unsigned int functions;
	unsigned int functions_unbound;
	unsigned int memdevs;
	unsigned int memdevs_idle;
	unsigned int roots;
	struct cxl_region *regions;
	size_t n_regions;
	u64 block_size;
	char auto_online[EXTENT_NAME_LEN];
};

const char *machine_option(enum kernel_option option);
int machine_read(const char *root, const char *release, struct machine *machine);
void machine_free(struct machine *machine);
const struct cxl_region *machine_region(const struct machine *machine, const char *name);

#endif /* DAX_OWNER_CLI_SNAPSHOT_MACHINE_H */
