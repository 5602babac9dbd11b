// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain/advice.h"

/* Whom to tell */
struct listener {
	advice_fn fn;
	void *data;
};

__attribute__((format(printf, 3, 4)))
static void tell(const struct listener *to, const char *command, const char *format, ...)
{
	char what[FINDING_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	to->fn(what, command, to->data);
}

/* --- of the machine --- */

static void tell_of_firmware(const struct listener *to, const struct machine *machine)
{
	if (machine->no_soft_reserve)
		tell(to, "", "The kernel is told to ignore what firmware marks Soft Reserved: take efi=nosoftreserve off its "
		     "command line and boot again");
	if (!machine->has_cedt)
		tell(to, "", "Firmware describes no CXL windows, there is no ACPI table CEDT: CXL may be off in its setup");
	else if (machine->windows_known && !machine->windows.n)
		tell(to, "", "Firmware's ACPI table CEDT has no CXL window");
}

static void tell_of_kernel(const struct listener *to, const struct machine *machine, enum arbiter arbiter)
{
	for (enum kernel_option i = 0; i < OPTIONS; i++)
		if (machine->missing & 1u << i)
			tell(to, "", "This kernel is built without CONFIG_%s", machine_option(i));
	if (*modules_sentence(machine->modules))
		tell(to, machine->modules_command, "%s", modules_sentence(machine->modules));
	else if (machine->untested)
		tell(to, "", "This is an " MODULES_UNTESTED_TEXT);
	else if (machine->hmem_built_in && arbiter != ARBITER_DAX_OWNER)
		tell(to, "", "dax_hmem is built into this kernel: the modules of dax_owner cannot take its place, dax-ownerd "
		     "watches");
}

static void tell_of_devices(const struct listener *to, const struct machine *machine)
{
	if (machine->has_cedt && !machine->functions && !machine->memdevs)
		tell(to, "lspci -d ::0502", "There is no CXL memory device on PCI");
	if (machine->functions_unbound)
		tell(to, "modprobe cxl_pci && journalctl -k -g cxl_pci",
		     "%u of %u CXL memory devices on PCI have no driver", machine->functions_unbound, machine->functions);
	if (machine->has_cedt && !machine->roots)
		tell(to, "modprobe cxl_acpi && cxl list -B", "cxl list shows nothing: cxl_acpi has not found a CXL hierarchy");
	if (machine->memdevs_idle)
		tell(to, "modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -Mi",
		     "%u of %u CXL memory devices are not attached to a host bridge", machine->memdevs_idle, machine->memdevs);
}

/**
 * advice_on_region() - what is unusual about a region
 * @region: which
 * @fn: told of each
 * @data: passed on
 */
void advice_on_region(const struct cxl_region *region, advice_fn fn, void *data)
{
	const struct listener to = { fn, data };
	char command[FINDING_LEN];

	/* persistent memory is no business of these drivers */
	if (region->pmem)
		return;
	/* neither is a region of size zero */
	if (region->committed && region->span.start > region->span.end)
		return;
	if (!region->committed) {
		snprintf(command, sizeof(command), "cxl list -R -r %s -uvv", region->name);
		tell(&to, command, "%s is not committed: nothing decodes its addresses", region->name);
	} else if (!region->bound) {
		snprintf(command, sizeof(command), "cxl enable-region %s", region->name);
		tell(&to, command, "%s is committed, but disabled", region->name);
	} else if (!region->dax) {
		snprintf(command, sizeof(command),
			 "daxctl reconfigure-device --mode=devdax --force DEVICE && daxctl disable-device DEVICE && "
			 "cxl disable-region %s && cxl enable-region %s",
			 region->name, region->name);
		tell(&to, command, "%s has no DAX region, so no DAX device: its memory was system memory, of another DEVICE, when "
		     "it was made", region->name);
	}
}

/**
 * advice_on_machine() - what is unusual, whatever the extent
 * @machine: the machine
 * @arbiter: who decides on this kernel
 * @fn: told of each
 * @data: passed on
 */
void advice_on_machine(const struct machine *machine, enum arbiter arbiter, advice_fn fn, void *data)
{
	const struct listener to = { fn, data };

	tell_of_firmware(&to, machine);
	tell_of_kernel(&to, machine, arbiter);
	tell_of_devices(&to, machine);
	for (size_t i = 0; i < machine->n_regions; i++)
		advice_on_region(&machine->regions[i], fn, data);
}

/* --- of an extent --- */

static void decide_again(const struct extent *extent, char command[FINDING_LEN])
{
	snprintf(command, FINDING_LEN, "dax-owner arbitrate 0x%" PRIx64, extent->span.start);
}

/* --force: offline what is online, or go on although the kernel puts memory online by itself */
static void use_as(const char *mode, const struct extent *extent, char command[FINDING_LEN])
{
	snprintf(command, FINDING_LEN, "daxctl reconfigure-device --mode=%s %s", mode, extent->device);
}

static void tell_of_no_driver(const struct listener *to, const struct extent *extent)
{
	char command[FINDING_LEN];

	use_as(extent_is_held(extent) && !extent->usable_bytes ? "devdax" : "system-ram --force", extent, command);
	tell(to, command, "No driver is bound to %s", extent->device);
}

static void tell_of_stranded(const struct listener *to, const struct extent *extent, enum arbiter arbiter)
{
	char command[FINDING_LEN];

	decide_again(extent, command);
	if (*extent->holder)
		tell(to, "", "%s had the addresses when the claim failed", extent->holder);
	if (arbiter == ARBITER_NONE)
		tell(to, "", "This kernel has no driver for Soft Reserved memory: neither dax_hmem nor dax_cxl is installed");
	else if (arbiter != ARBITER_DAX_OWNER)
		tell(to, "", "The kernel's own drivers give it up until the next boot, and may do so then: the modules of dax_owner "
		     "do not");
	else if (extent->error == -ENODEV && *extent->device)
		tell_of_no_driver(to, extent);
	else
		tell(to, command, "Once the cause is gone, it can be decided again");
}

/* By a region, whole, although dax_hmem has it: first come, first served */
static const struct cxl_region *region_over(const struct extent *extent, const struct machine *machine)
{
	for (size_t i = 0; i < machine->n_regions; i++) {
		const struct cxl_region *region = &machine->regions[i];

		if (region->committed && region->span.start <= extent->span.start &&
		    region->span.end >= extent->span.end)
			return region;
	}
	return NULL;
}

/* A region that dax_cxl cannot have, and that decodes some of an extent */
static const struct cxl_region *withholding_region(const struct extent *extent, const struct machine *machine)
{
	for (size_t i = 0; !extent->hidden && i < machine->n_regions; i++) {
		const struct cxl_region *region = &machine->regions[i];

		if (region->committed && !region->dax && dax_owner_span_meets(&region->span, &extent->span))
			return region;
	}
	return NULL;
}

static void tell_of_withheld(const struct listener *to, const struct extent *extent, const struct machine *machine)
{
	const struct cxl_region *region = withholding_region(extent, machine);
	char command[FINDING_LEN] = "cxl list -R -uvv";

	if (!region) {
		tell(to, command, "A committed CXL region that is not for DAX decodes it: it is for no driver, which is no fault");
		return;
	}
	if (region->pmem) {
		tell(to, "ndctl list -RN", "%s (pmem) decodes it: it is persistent memory, for no DAX driver, which is no fault",
		     region->name);
		return;
	}
	snprintf(command, sizeof(command), "cxl list -R -r %s -uvv", region->name);
	tell(to, command, "%s (no dax_region) decodes it: it may be an accelerator's, and is for no DAX driver, which is no fault",
	     region->name);
}

/* Comes first, because each write destroys data. */
static void tell_of_risk(const struct listener *to, const struct extent *extent, const struct machine *machine)
{
	const struct cxl_region *region = withholding_region(extent, machine);
	char command[FINDING_LEN];

	snprintf(command, sizeof(command), "daxctl offline-memory %s && daxctl disable-device %s", extent->device,
		 extent->device);
	tell(to, command, "Do not write to %s: %s%s decodes its memory, and each write overwrites data of that region. Take the "
	     "memory offline, then unbind the driver", extent->device, region ? region->name : "a CXL region that is not for DAX",
	     !region ? "" : region->pmem ? " (pmem)" : " (no dax_region)");
	if (region)
		tell(to, "", "What %s held may be damaged already: check it before it is used again", region->name);
}

/* What a device can be used for */
static void tell_of_use(const struct listener *to, const struct snapshot_extent *entry)
{
	const struct extent *extent = &entry->extent;
	bool is_devdax = !strcmp(entry->driver, "device_dax");
	char command[FINDING_LEN];

	if (is_devdax && !extent->usable_bytes) {
		tell(to, "", "It is a device for programs to map, /dev/%s; it cannot be system memory: %s", extent->device,
		     extent_lacks_node(extent) ? "no NUMA node is known" : "it has no whole memory block");
	} else if (is_devdax) {
		use_as("system-ram --force", extent, command);
		tell(to, command, "It is a device for programs to map, /dev/%s; it can be system memory", extent->device);
	} else if (!strcmp(entry->driver, "kmem")) {
		use_as("devdax --force", extent, command);
		tell(to, command, "It is system memory; it can be a device for programs to map, /dev/%s", extent->device);
	}
}

static void tell_of_late_region(const struct listener *to, const struct extent *extent,
				const struct machine *machine, enum arbiter arbiter)
{
	const struct cxl_region *region = region_over(extent, machine);
	char command[FINDING_LEN];

	if (!region || !region->dax || extent->hidden || extent->owner != DAX_OWNER_HMEM || arbiter != ARBITER_DAX_OWNER)
		return;
	snprintf(command, sizeof(command),
		 "daxctl reconfigure-device --mode=devdax --force %s && daxctl disable-device %s && "
		 "cxl disable-region %s && cxl enable-region %s && dax-owner arbitrate 0x%" PRIx64,
		 extent->device, extent->device, region->name, region->name, extent->span.start);
	tell(to, command, "%s is there by now, and would have it when nobody needs the memory", region->name);
}

static void tell_of_owned(const struct listener *to, const struct snapshot_extent *entry,
			  const struct machine *machine, enum arbiter arbiter)
{
	const struct extent *extent = &entry->extent;
	char command[FINDING_LEN];

	if (extent_is_at_risk(extent)) {
		tell_of_risk(to, extent, machine);
		return;
	}
	if (extent_is_wrong(extent))
		tell(to, "", "By the rules it is %s's: the kernel's own drivers have not followed them, the modules of dax_owner do",
		     dax_owner_owner_name(extent->expected));
	if (entry->online.offline) {
		snprintf(command, sizeof(command), "daxctl online-memory %s", extent->device);
		tell(to, command, "Not all of it is online; the kernel's policy for new memory is %s, udev rules may have another",
		     *machine->auto_online ? machine->auto_online : "not known");
	}
	tell_of_use(to, entry);
	tell_of_late_region(to, extent, machine, arbiter);
}

/**
 * advice_on_extent() - what there is to say of one, and what can be done
 * @entry: the extent
 * @machine: the machine it is in
 * @arbiter: who decides on this kernel
 * @fn: told of each
 * @data: passed on
 */
void advice_on_extent(const struct snapshot_extent *entry, const struct machine *machine, enum arbiter arbiter,
			advice_fn fn, void *data)
{
	const struct listener to = { fn, data };
	const struct extent *extent = &entry->extent;

	switch (extent->state) {
	case DAX_OWNER_STATE_PENDING:
	case DAX_OWNER_STATE_DECIDED:
		if (arbiter == ARBITER_DAX_OWNER)
			tell(&to, "dax-owner settle", "It is not settled yet");
		else
			tell(&to, "", "It is not settled yet: look again in a moment");
		break;
	case DAX_OWNER_STATE_CLAIMED:
	case DAX_OWNER_STATE_IDLE:
		if (extent_is_at_risk(extent))
			tell_of_risk(&to, extent, machine);
		else if (*extent->device)
			tell_of_no_driver(&to, extent);
		else
			tell(&to, "daxctl create-device -r REGION", "It has no DAX device, as with region_idle");
		break;
	case DAX_OWNER_STATE_RELEASED:
		tell(&to, "cxl create-region -m -t ram -d DECODER MEMDEV...", "Its CXL region was torn down: a new one makes it usable again");
		break;
	case DAX_OWNER_STATE_STRANDED:
		tell_of_stranded(&to, extent, arbiter);
		break;
	case DAX_OWNER_STATE_WITHHELD:
		tell_of_withheld(&to, extent, machine);
		break;
	case DAX_OWNER_STATE_OWNED:
		tell_of_owned(&to, entry, machine, arbiter);
		break;
	default:
		break;
	}
}
