/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the facts for derive_extents() from the running system.
 */
#ifndef DAX_OWNER_SYSTEM_FACTS_H
#define DAX_OWNER_SYSTEM_FACTS_H

#include <stdio.h>

#include "system/firmware.h"
#include "model/derive.h"

/**
 * struct fact_sources - the sources of facts
 * @root: prefix of all paths, "" or NULL for the running system; borrowed
 * @iomem: /proc/iomem, open; owned
 * @ranges: the Soft Reserved ranges; owned. fact_sources_open() reads them once, because only iomem
 *	lists them all on older kernels, and iomem changes later.
 * @windows: the CXL windows; owned
 */
struct fact_sources {
	const char *root;
	FILE *iomem;
	struct spans ranges;
	struct spans windows;
};

void fact_sources_close(struct fact_sources *sources);
int fact_sources_open(const char *root, struct fact_sources *sources, firmware_skip_fn skipped,
		      void *data);
int facts_read_ranges(const char *root, FILE *iomem, struct spans *ranges, firmware_skip_fn skipped,
		      void *data);
int facts_read_windows(const char *root, struct spans *windows, firmware_skip_fn skipped,
		       void *data);
int facts_read(struct fact_sources *sources, bool settled, struct facts *facts);

#endif /* DAX_OWNER_SYSTEM_FACTS_H */
