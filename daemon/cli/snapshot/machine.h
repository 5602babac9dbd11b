/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts on the machine that led to the extents: firmware's windows, the devices and regions of
 * CXL, the kernel's configuration and policy.
 */
#ifndef DAX_OWNER_CLI_SNAPSHOT_MACHINE_H
#define DAX_OWNER_CLI_SNAPSHOT_MACHINE_H

#include "cli/snapshot/topology.h"
#include "model/extent.h"
#include "system/module-lines.h"
#include "system/modules.h"
#include "model/spans.h"

/*
 * Options of the kernel that this project needs. Each is a bit; machine_option() returns its name.
 */
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

/* The modules whose lines in modprobe's configuration explain a missing driver */
enum machine_module { MACHINE_DAX_OWNER, MACHINE_DAX_HMEM, MACHINE_DAX_CXL, MACHINE_MODULES };

/**
 * struct machine - the facts on the machine
 * @has_cedt: firmware has a table CEDT
 * @windows_known: the table is readable and valid, so @windows is filled in
 * @cedt_damaged: the table is readable, but not valid
 * @windows: the CXL windows
 * @no_soft_reserve: the kernel's command line makes it ignore the mark Soft Reserved
 * @config_known: the kernel's configuration is readable
 * @missing: the options that the kernel is built without, a bit each
 * @hmem_built_in: dax_hmem is built into the kernel
 * @modules: state of the modules of dax_owner, if they are installed
 * @untested: the modules of dax_owner are loaded, and untested on this kernel
 * @modules_command: the command that repairs @modules, or ""
 * @lines: an administrator's lines about each module
 * @functions: number of PCI functions that are CXL memory devices
 * @functions_unbound: number of these without a driver
 * @memdevs: number of memory devices of the CXL core
 * @memdevs_idle: number of these without an endpoint, so that no host bridge reaches them
 * @roots: number of CXL hierarchies that cxl_acpi has found
 * @topology: the memory devices, decoders and regions of CXL, owned by this struct
 * @block_size: bytes of a memory block, 0 if unknown
 * @auto_online: policy for new memory: offline, online, online_kernel, online_movable; "" if
 *   unknown
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
	struct module_lines lines[MACHINE_MODULES];
	unsigned int functions;
	unsigned int functions_unbound;
	unsigned int memdevs;
	unsigned int memdevs_idle;
	unsigned int roots;
	struct topology topology;
	u64 block_size;
	char auto_online[EXTENT_NAME_LEN];
};

const char *machine_option(enum kernel_option option);
const char *machine_module(enum machine_module module);
int machine_read(const char *root, const char *release, struct machine *machine);
void machine_free(struct machine *machine);

#endif /* DAX_OWNER_CLI_SNAPSHOT_MACHINE_H */
