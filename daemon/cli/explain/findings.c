// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain/findings.h"

/* Whom to tell */
struct listener {
	finding_fn fn;
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

static void tell_of_firmware(const struct listener *to, const struct surroundings *around)
{
	if (around->no_soft_reserve)
		tell(to, "", "The kernel is told to ignore what firmware marks Soft Reserved: take efi=nosoftreserve off its "
		     "command line and boot again");
	if (!around->has_cedt)
		tell(to, "", "Firmware describes no CXL windows, there is no ACPI table CEDT: CXL may be off in its setup");
	else if (around->windows_known && !around->windows.n)
		tell(to, "", "Firmware's ACPI table CEDT has no CXL window");
}

static void tell_of_kernel(const struct listener *to, const struct surroundings *around, enum arbiter arbiter)
{
	for (enum kernel_option i = 0; i < OPTIONS; i++)
		if (around->missing & 1u << i)
			tell(to, "", "This kernel is built without CONFIG_%s", surroundings_option(i));
	if (*modules_sentence(around->modules))
		tell(to, around->modules_command, "%s", modules_sentence(around->modules));
	else if (around->untested)
		tell(to, "", "This is an " MODULES_UNTESTED_TEXT);
	else if (around->hmem_built_in && arbiter != ARBITER_DAX_OWNER)
		tell(to, "", "dax_hmem is built into this kernel: the modules of dax_owner cannot take its place, dax-ownerd "
		     "watches");
}

static void tell_of_devices(const struct listener *to, const struct surroundings *around)
{
	if (around->has_cedt && !around->functions && !around->memdevs)
		tell(to, "lspci -d ::0502", "There is no CXL memory device on PCI");
	if (around->functions_unbound)
		tell(to, "modprobe cxl_pci && journalctl -k -g cxl_pci",
		     "%u of %u CXL memory devices on PCI have no driver", around->functions_unbound, around->functions);
	if (around->has_cedt && !around->roots)
		tell(to, "modprobe cxl_acpi && cxl list -B", "cxl list shows nothing: cxl_acpi has not found a CXL hierarchy");
	if (around->memdevs_idle)
		tell(to, "modprobe -a cxl_acpi cxl_port cxl_mem && cxl list -Mi",
		     "%u of %u CXL memory devices are not attached to a host bridge", around->memdevs_idle, around->memdevs);
}

/**
 * findings_of_region() - what is unusual about a region
 * @region: which
 * @fn: told of each
 * @data: passed on
 */
void findings_of_region(const struct cxl_region *region, finding_fn fn, void *data)
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
 * findings_of_machine() - what is unusual, whatever the extent
 * @around: the machine
 * @arbiter: who decides on this kernel
 * @fn: told of each
 * @data: passed on
 */
void findings_of_machine(const struct surroundings *around, enum arbiter arbiter, finding_fn fn, void *data)
{
	const struct listener to = { fn, data };

	tell_of_firmware(&to, around);
	tell_of_kernel(&to, around, arbiter);
	tell_of_devices(&to, around);
	for (size_t i = 0; i < around->n_regions; i++)
		findings_of_region(&around->regions[i], fn, data);
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
static const struct cxl_region *region_over(const struct extent *extent, const struct surroundings *around)
{
	for (size_t i = 0; i < around->n_regions; i++) {
		const struct cxl_region *region = &around->regions[i];

		if (region->committed && region->span.start <= extent->span.start &&
		    region->span.end >= extent->span.end)
			return region;
	}
	return NULL;
}

/* A region that dax_cxl cannot have, and that decodes some of an extent */
static const struct cxl_region *withholding_region(const struct extent *extent, const struct surroundings *around)
{
	for (size_t i = 0; !extent->hidden && i < around->n_regions; i++) {
		const struct cxl_region *region = &around->regions[i];

		if (region->committed && !region->dax && dax_owner_span_meets(&region->span, &extent->span))
			return region;
	}
	return NULL;
}

static void tell_of_withheld(const struct listener *to, const struct extent *extent, const struct surroundings *around)
{
	const struct cxl_region *region = withholding_region(extent, around);
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
static void tell_of_risk(const struct listener *to, const struct extent *extent, const struct surroundings *around)
{
	const struct cxl_region *region = withholding_region(extent, around);
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
static void tell_of_use(const struct listener *to, const struct holding *holding)
{
	const struct extent *extent = &holding->extent;
	bool is_devdax = !strcmp(holding->driver, "device_dax");
	char command[FINDING_LEN];

	if (is_devdax && !extent->usable_bytes) {
		tell(to, "", "It is a device for programs to map, /dev/%s; it cannot be system memory: %s", extent->device,
		     extent_lacks_node(extent) ? "no NUMA node is known" : "it has no whole memory block");
	} else if (is_devdax) {
		use_as("system-ram --force", extent, command);
		tell(to, command, "It is a device for programs to map, /dev/%s; it can be system memory", extent->device);
	} else if (!strcmp(holding->driver, "kmem")) {
		use_as("devdax --force", extent, command);
		tell(to, command, "It is system memory; it can be a device for programs to map, /dev/%s", extent->device);
	}
}

static void tell_of_late_region(const struct listener *to, const struct extent *extent,
				const struct surroundings *around, enum arbiter arbiter)
{
	const struct cxl_region *region = region_over(extent, around);
	char command[FINDING_LEN];

	if (!region || !region->dax || extent->hidden || extent->owner != DAX_OWNER_HMEM || arbiter != ARBITER_DAX_OWNER)
		return;
	snprintf(command, sizeof(command),
		 "daxctl reconfigure-device --mode=devdax --force %s && daxctl disable-device %s && "
		 "cxl disable-region %s && cxl enable-region %s && dax-owner arbitrate 0x%" PRIx64,
		 extent->device, extent->device, region->name, region->name, extent->span.start);
	tell(to, command, "%s is there by now, and would have it when nobody needs the memory", region->name);
}

static void tell_of_owned(const struct listener *to, const struct holding *holding,
			  const struct surroundings *around, enum arbiter arbiter)
{
	const struct extent *extent = &holding->extent;
	char command[FINDING_LEN];

	if (extent_is_at_risk(extent)) {
		tell_of_risk(to, extent, around);
		return;
	}
	if (extent_is_wrong(extent))
		tell(to, "", "By the rules it is %s's: the kernel's own drivers have not followed them, the modules of dax_owner do",
		     dax_owner_owner_name(extent->expected));
	if (holding->online.offline) {
		snprintf(command, sizeof(command), "daxctl online-memory %s", extent->device);
		tell(to, command, "Not all of it is online; the kernel's policy for new memory is %s, udev rules may have another",
		     *around->auto_online ? around->auto_online : "not known");
	}
	tell_of_use(to, holding);
	tell_of_late_region(to, extent, around, arbiter);
}

/**
 * findings_of_extent() - what there is to say of one, and what can be done
 * @holding: the extent
 * @around: the machine it is in
 * @arbiter: who decides on this kernel
 * @fn: told of each
 * @data: passed on
 */
void findings_of_extent(const struct holding *holding, const struct surroundings *around, enum arbiter arbiter,
			finding_fn fn, void *data)
{
	const struct listener to = { fn, data };
	const struct extent *extent = &holding->extent;

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
			tell_of_risk(&to, extent, around);
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
		tell_of_withheld(&to, extent, around);
		break;
	case DAX_OWNER_STATE_OWNED:
		tell_of_owned(&to, holding, around, arbiter);
		break;
	default:
		break;
	}
}
