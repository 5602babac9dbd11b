/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether enumeration goes on, as a pure function of the CXL devices. The kernel modules have a
 * stricter rule (kernel/dax_owner/enumeration.c), because they can wait for probes.
 */
#ifndef DAX_OWNER_MODEL_ENUMERATION_H
#define DAX_OWNER_MODEL_ENUMERATION_H

#include <stdbool.h>

/*
 * Longest wait for enumeration, in µs, from the end of coldplug. The kernel waits up to
 * 60 s for the media of a memory device, in the probe of its PCI function. The rest is for reading
 * the device and for assembling its region. The value is the default deadline of dax_owner.
 */
#define ENUMERATION_AT_MOST (90 * 1000 * 1000)

/**
 * struct cxl_devices - the CXL memory devices and their drivers
 * @functions: number of PCI functions that are CXL memory devices
 * @functions_unbound: number of these without a driver
 * @functions_waiting: number of these that have no driver, or have cxl_pci and no memory device yet.
 *	The kernel shows the driver before its probe has ended.
 * @memdevs: number of memory devices on the CXL bus
 * @memdevs_idle: number of these without a driver
 * @memdevs_waiting: number of these without an endpoint
 * @roots: number of CXL hierarchies that cxl_acpi has found
 * @cxl_pci: the driver cxl_pci is registered
 * @cxl_mem: the driver cxl_mem is registered
 */
struct cxl_devices {
	unsigned int functions;
	unsigned int functions_unbound;
	unsigned int functions_waiting;
	unsigned int memdevs;
	unsigned int memdevs_idle;
	unsigned int memdevs_waiting;
	unsigned int roots;
	bool cxl_pci;
	bool cxl_mem;
};

bool enumeration_goes_on(const struct cxl_devices *devices);

#endif /* DAX_OWNER_MODEL_ENUMERATION_H */
