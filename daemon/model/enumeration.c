// SPDX-License-Identifier: GPL-2.0-only
#include "model/enumeration.h"

/**
 * enumeration_goes_on() - check whether a driver may still assemble a region
 * @devices: the CXL devices after coldplug
 *
 * A device without a registered driver does not count, because udev has loaded the modules of all
 * devices by the end of coldplug. Without a root, no memory device can get an endpoint.
 *
 * Return: true if a driver may be at work, or may be bound later. A device whose probe failed gives
 * true as well, so the caller limits its wait by %ENUMERATION_AT_MOST.
 */
bool enumeration_goes_on(const struct cxl_devices *devices)
{
	if (devices->cxl_pci && devices->functions_waiting)
		return true;
	return devices->cxl_mem && devices->roots && devices->memdevs_waiting;
}
