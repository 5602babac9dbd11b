/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The facts that derive_extents() goes by, from the running system.
 */
#ifndef DAX_OWNER_SYSTEM_FACTS_H
#define DAX_OWNER_SYSTEM_FACTS_H

#include <stdio.h>

#include "system/firmware.h"
#include "model/derive.h"

/**
 * struct fact_sources - where facts come from
 * @iomem: /proc/iomem, open
 * @ranges: the Soft Reserved ranges, which are looked for once: on older kernels iomem
 *	is the one place that has them all, and changes later on
 * @windows: the CXL windows
 */
struct fact_sources {
	FILE *iomem;
	struct spans ranges;
	struct spans windows;
};

void fact_sources_close(struct fact_sources *sources);
int fact_sources_open(struct fact_sources *sources, firmware_skip_fn skipped, void *data);
int facts_read_windows(struct spans *windows, firmware_skip_fn skipped, void *data);
int facts_read(struct fact_sources *sources, bool settled, struct facts *facts);

#endif /* DAX_OWNER_SYSTEM_FACTS_H */
