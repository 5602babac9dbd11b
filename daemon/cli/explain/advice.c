// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain/advice.h"
#include "cli/explain/receiver.h"
#include "cli/explain/topology-advice.h"

/* --- machine --- */

static void advise_on_firmware(const struct receiver *to, const struct machine *machine)
{
	if (machine->no_soft_reserve)
		advise(to, "",
		       "The kernel ignores the Soft Reserved mark, because efi=nosoftreserve is on its command "
		       "line: remove it and reboot");
	if (!machine->has_cedt)
		advise(to, "",
		       "Firmware has no ACPI table CEDT, so it describes no CXL window: CXL may be off in its "
		       "setup");
	else if (machine->windows_known && !machine->windows.n)
		advise(to, "", "Firmware's ACPI table CEDT has no CXL window");
}

static void advise_on_kernel(const struct receiver *to, const struct machine *machine,
			     enum arbiter arbiter)
{
	for (enum kernel_option i = 0; i < OPTIONS; i++)
		if (machine->missing & 1u << i)
			advise(to, "", "This kernel is built without CONFIG_%s", machine_option(i));
	if (*modules_message(machine->modules))
		advise(to, machine->modules_command, "%s", modules_message(machine->modules));
	else if (machine->untested)
		advise(to, "", "This is an " MODULES_UNTESTED_TEXT);
	else if (machine->hmem_built_in && arbiter != ARBITER_DAX_OWNER)
		advise(to, "",
		       "dax_hmem is built into this kernel, so the modules of dax_owner cannot replace it: "
		       "dax-ownerd is an observer");
}

/* Name the lines that keep a driver out or change its loading, because an administrator wrote them. */
static void advise_on_lines(const struct receiver *to, const char *module,
			    const struct module_lines *lines)
{
	const bool in_file = *lines->blacklist == '/';
	char command[ADVICE_LEN];

	snprintf(command, sizeof(command), "modprobe %s", module);
	if (*lines->forbidden)
		advise(to, "",
		       "The kernel refuses %s, because %s on its command line names the module: remove the "
		       "name and reboot",
		       module, lines->forbidden);
	if (*lines->blacklist)
		advise(to, *lines->forbidden ? "" : command,
		       "%s is not loaded for its devices, because %s%s blacklists it", module,
		       lines->blacklist, in_file ? "" : " on the kernel's command line");
	if (*lines->install)
		advise(to, "", "An install line in %s replaces the loading of %s by a command",
		       lines->install, module);
	if (*lines->softdep)
		advise(to, "", "A softdep line in %s replaces the soft dependencies of %s",
		       lines->softdep, module);
}

static void advise_on_devices(const struct receiver *to, const struct machine *machine)
{
	if (machine->has_cedt && !machine->functions && !machine->memdevs)
		advise(to, "lspci -d ::0502", "No CXL memory device is on PCI");
	if (machine->functions_unbound)
		advise(to, "modprobe cxl_pci && journalctl -k -g cxl_pci",
		       "%u of %u CXL memory devices on PCI have no driver",
		       machine->functions_unbound, machine->functions);
	if (machine->has_cedt && !machine->roots)
		advise(to, "modprobe cxl_acpi && cxl list -B",
		       "cxl list prints nothing, because cxl_acpi found no CXL hierarchy");
	/* advice_on_topology() names each device that libcxl has found. */
	if (machine->memdevs_idle && machine->topology.n_memdevs < machine->memdevs)
		advise(to, "modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -Mi",
		       "%u of %u CXL memory devices are not attached to a host bridge",
		       machine->memdevs_idle, machine->memdevs);
}

/**
 * advice_on_region() - give advice on a region that is not committed, not enabled or not for DAX
 * @region: the region
 * @fn: called for each piece of advice
 * @data: passed to @fn
 */
void advice_on_region(const struct topology_region *region, advice_fn fn, void *data)
{
	const struct receiver to = { fn, data };
	char command[ADVICE_LEN];

	/* These drivers do not use persistent memory. */
	if (region->pmem)
		return;
	/* A region of size zero decodes nothing. */
	if (region->committed && region->span.start > region->span.end)
		return;
	if (!region->committed) {
		snprintf(command, sizeof(command), "cxl list -R -r %s -uvv", region->name);
		advise(&to, command, "%s is not committed: nothing decodes its addresses",
		       region->name);
	} else if (!region->bound) {
		snprintf(command, sizeof(command), "cxl enable-region %s", region->name);
		advise(&to, command, "%s is committed but disabled", region->name);
	} else if (!region->dax) {
		snprintf(command, sizeof(command),
			 "daxctl reconfigure-device --mode=devdax --force DEVICE && daxctl disable-device DEVICE && "
			 "cxl disable-region %s && cxl enable-region %s",
			 region->name, region->name);
		advise(&to, command,
		       "%s has no DAX region, so it has no DAX device: another DEVICE used its memory as "
		       "system memory when the region was created",
		       region->name);
	}
}

/**
 * advice_on_machine() - give advice on the firmware, the kernel, the devices and the regions
 * @machine: the machine
 * @arbiter: the arbiter of this kernel
 * @fn: called for each piece of advice
 * @data: passed to @fn
 */
void advice_on_machine(const struct machine *machine, enum arbiter arbiter, advice_fn fn, void *data)
{
	const struct receiver to = { fn, data };

	advise_on_firmware(&to, machine);
	advise_on_kernel(&to, machine, arbiter);
	for (enum machine_module i = 0; i < MACHINE_MODULES; i++)
		advise_on_lines(&to, machine_module(i), &machine->lines[i]);
	advise_on_devices(&to, machine);
	advice_on_topology(&machine->topology, fn, data);
	for (size_t i = 0; i < machine->topology.n_regions; i++)
		advice_on_region(&machine->topology.regions[i], fn, data);
}

/* --- extent --- */

static void decide_again(const struct extent *extent, char command[ADVICE_LEN])
{
	snprintf(command, ADVICE_LEN, "dax-owner arbitrate 0x%" PRIx64, extent->span.start);
}

/*
 * Some callers add --force to @mode. With it, daxctl takes online memory offline, and goes on
 * although the kernel puts memory online by itself.
 */
static void use_as(const char *mode, const struct extent *extent, char command[ADVICE_LEN])
{
	snprintf(command, ADVICE_LEN, "daxctl reconfigure-device --mode=%s %s", mode,
		 extent->device);
}

static void advise_on_no_driver(const struct receiver *to, const struct extent *extent)
{
	char command[ADVICE_LEN];

	use_as(extent_is_claimed(extent) && !extent->usable_bytes ? "devdax" : "system-ram --force",
	       extent, command);
	advise(to, command, "No driver is bound to %s", extent->device);
}

static void advise_on_stranded(const struct receiver *to, const struct extent *extent,
			       enum arbiter arbiter)
{
	char command[ADVICE_LEN];

	decide_again(extent, command);
	if (*extent->holder)
		advise(to, "", "%s had already claimed the addresses when the claim failed",
		       extent->holder);
	if (arbiter == ARBITER_NONE)
		advise(to, "",
		       "No driver for Soft Reserved memory is loaded: neither dax_hmem nor dax_cxl");
	else if (arbiter != ARBITER_DAX_OWNER)
		advise(to, "",
		       "The in-tree drivers leave the extent stranded until the next boot, and may strand it "
		       "again then: the modules of dax_owner do not");
	else if (extent->error == -ENODEV && *extent->device)
		advise_on_no_driver(to, extent);
	else
		advise(to, command, "When the cause is gone, the extent can be decided again");
}

/* Return: the committed region that decodes the whole extent, or NULL. */
static const struct topology_region *region_over(const struct extent *extent,
						 const struct machine *machine)
{
	for (size_t i = 0; i < machine->topology.n_regions; i++) {
		const struct topology_region *region = &machine->topology.regions[i];

		if (region->committed && region->span.start <= extent->span.start &&
		    region->span.end >= extent->span.end)
			return region;
	}
	return NULL;
}

/* Return: a committed region without DAX region that decodes a part of the extent, or NULL. */
static const struct topology_region *withholding_region(const struct extent *extent,
							const struct machine *machine)
{
	for (size_t i = 0; !extent->hidden && i < machine->topology.n_regions; i++) {
		const struct topology_region *region = &machine->topology.regions[i];

		if (region->committed && !region->dax &&
		    dax_owner_span_meets(&region->span, &extent->span))
			return region;
	}
	return NULL;
}

static void advise_on_withheld(const struct receiver *to, const struct extent *extent,
			       const struct machine *machine)
{
	const struct topology_region *region = withholding_region(extent, machine);
	char command[ADVICE_LEN] = "cxl list -R -uvv";

	if (!region) {
		advise(to, command,
		       "A committed CXL region that is not for DAX decodes the extent, so no driver gets it; "
		       "this is not a fault");
		return;
	}
	if (region->pmem) {
		advise(to, "ndctl list -RN",
		       "%s (pmem) decodes the extent: it is persistent memory, so no DAX driver gets it; this "
		       "is not a fault",
		       region->name);
		return;
	}
	/* an accelerator's region has a driver, too: the CXL core's, which makes no DAX region for it */
	if (!region->bound) {
		snprintf(command, sizeof(command), "cxl enable-region %s", region->name);
		advise(to, command,
		       "%s is disabled and still decodes the extent, so no driver gets it; a RAM region "
		       "can be enabled again",
		       region->name);
		return;
	}
	snprintf(command, sizeof(command), "cxl list -R -r %s -uvv", region->name);
	advise(to, command,
	       "%s (no dax_region) decodes the extent: it may be an accelerator's, so no DAX driver gets it; "
	       "this is not a fault",
	       region->name);
}

/* This advice comes first, because each write destroys data. */
static void advise_on_risk(const struct receiver *to, const struct extent *extent,
			   const struct machine *machine)
{
	const struct topology_region *region = withholding_region(extent, machine);
	char command[ADVICE_LEN];

	snprintf(command, sizeof(command), "daxctl offline-memory %s && daxctl disable-device %s",
		 extent->device, extent->device);
	advise(to, command,
	       "Do not write to %s: %s%s decodes its memory, so each write overwrites data of that region. "
	       "Take the "
	       "memory offline, then unbind the driver",
	       extent->device, region ? region->name : "a CXL region that is not for DAX",
	       !region      ? "" :
	       region->pmem ? " (pmem)" :
			      " (no dax_region)");
	if (region)
		advise(to, "",
		       "The data of %s may be damaged already: check the data before you use the region again",
		       region->name);
}

/* Describe how the DAX device is used, and how else it can be used. */
static void advise_on_use(const struct receiver *to, const struct snapshot_extent *entry)
{
	const struct extent *extent = &entry->extent;
	bool is_devdax = !strcmp(entry->driver, "device_dax");
	char command[ADVICE_LEN];

	if (is_devdax && !extent->usable_bytes) {
		advise(to, "",
		       "The memory is a device that programs can map, /dev/%s; it cannot be system memory: %s",
		       extent->device,
		       extent_lacks_node(extent) ? "no NUMA node is known" :
						   "it has no whole memory block");
	} else if (is_devdax) {
		use_as("system-ram --force", extent, command);
		advise(to, command,
		       "The memory is a device that programs can map, /dev/%s; it can be system memory when no "
		       "program maps it",
		       extent->device);
	} else if (!strcmp(entry->driver, "kmem")) {
		use_as("devdax --force", extent, command);
		advise(to, command,
		       "The memory is system memory; it can be a device that programs can map, /dev/%s",
		       extent->device);
	}
}

static void advise_on_late_region(const struct receiver *to, const struct extent *extent,
				  const struct machine *machine, enum arbiter arbiter)
{
	const struct topology_region *region = region_over(extent, machine);
	char command[ADVICE_LEN];

	if (!region || !region->dax || extent->hidden || extent->owner != DAX_OWNER_HMEM ||
	    arbiter != ARBITER_DAX_OWNER)
		return;
	snprintf(command, sizeof(command),
		 "daxctl reconfigure-device --mode=devdax --force %s && daxctl disable-device %s && "
		 "cxl disable-region %s && cxl enable-region %s && dax-owner arbitrate 0x%" PRIx64,
		 extent->device, extent->device, region->name, region->name, extent->span.start);
	advise(to, command,
	       "%s is committed now: dax_cxl can get the extent when the memory is not in use",
	       region->name);
}

static void advise_on_owned(const struct receiver *to, const struct snapshot_extent *entry,
			    const struct machine *machine, enum arbiter arbiter)
{
	const struct extent *extent = &entry->extent;
	char command[ADVICE_LEN];

	if (extent_is_at_risk(extent)) {
		advise_on_risk(to, extent, machine);
		return;
	}
	if (extent_is_wrong(extent))
		advise(to, "",
		       "The rules give the extent to %s: the in-tree drivers did not follow them, the modules "
		       "of dax_owner do",
		       dax_owner_owner_name(extent->expected));
	if (entry->online.offline) {
		snprintf(command, sizeof(command), "daxctl online-memory %s", extent->device);
		advise(to, command,
		       "Not all of the memory is online; the kernel's policy for new memory is %s, but udev "
		       "rules may differ",
		       *machine->auto_online ? machine->auto_online : "not known");
	}
	advise_on_use(to, entry);
	advise_on_late_region(to, extent, machine, arbiter);
}

/**
 * advice_on_extent() - give advice on an extent, by its state
 * @entry: the extent
 * @machine: the machine
 * @arbiter: the arbiter of this kernel
 * @fn: called for each piece of advice
 * @data: passed to @fn
 */
void advice_on_extent(const struct snapshot_extent *entry, const struct machine *machine,
		      enum arbiter arbiter, advice_fn fn, void *data)
{
	const struct receiver to = { fn, data };
	const struct extent *extent = &entry->extent;

	switch (extent->state) {
	case DAX_OWNER_STATE_PENDING:
	case DAX_OWNER_STATE_DECIDED:
		if (arbiter == ARBITER_DAX_OWNER)
			advise(&to, "dax-owner settle", "Ownership is not settled yet");
		else
			advise(&to, "", "Ownership is not settled yet: try again in a moment");
		break;
	case DAX_OWNER_STATE_CLAIMED:
	case DAX_OWNER_STATE_IDLE:
		if (extent_is_at_risk(extent))
			advise_on_risk(&to, extent, machine);
		else if (*extent->device)
			advise_on_no_driver(&to, extent);
		else
			advise(&to, "daxctl create-device -r REGION",
			       "The extent has no DAX device, as with the parameter region_idle");
		break;
	case DAX_OWNER_STATE_RELEASED:
		advise(&to, "cxl create-region -m -t ram -d DECODER MEMDEV...",
		       "The CXL region was torn down: a new region makes the memory usable again");
		break;
	case DAX_OWNER_STATE_STRANDED:
		advise_on_stranded(&to, extent, arbiter);
		break;
	case DAX_OWNER_STATE_WITHHELD:
		advise_on_withheld(&to, extent, machine);
		break;
	case DAX_OWNER_STATE_OWNED:
		advise_on_owned(&to, entry, machine, arbiter);
		break;
	default:
		break;
	}
}

/**
 * advice_takes_memory() - test whether a command takes memory away from its users
 * @command: the command of a piece of advice
 *
 * Return: true if programs that use the memory lose it.
 */
bool advice_takes_memory(const char *command)
{
	static const char *const parts[] = {
		"--mode=devdax --force",
		"daxctl offline-memory ",
		"daxctl disable-device ",
		"cxl disable-region ",
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(command, parts[i]))
			return true;
	return false;
}
