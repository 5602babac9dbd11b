// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax_cxl: make a DAX device of each committed CXL RAM region.
 *
 * The module registers its driver only after dax_hmem has handled all its ranges. A work item
 * waits for that, so the load of this module never waits. The work item calls a symbol of
 * dax_hmem, so modprobe loads dax_hmem first.
 *
 * dax_cxl claims and does not decide. dax_owner_claim() refuses a region if another device has
 * claimed some of its addresses.
 */
#include <linux/crash_dump.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/workqueue.h>

#include "../compat/cxl.h"
#include "../compat/dax.h"
#include "../compat/module_ns.h"
#include "../dax_hmem/dax_hmem.h"
#include "../dax_owner/dax_owner.h"

static int make_dax_device(struct cxl_dax_region *cxlr_dax)
{
	struct range *hpa = &cxlr_dax->hpa_range;
	int nid = phys_to_target_node(hpa->start);
	struct dev_dax_data data = {
		.id = -1,
		.size = range_len(hpa),
		.memmap_on_memory = true,
	};

	if (nid == NUMA_NO_NODE)
		nid = memory_add_physaddr_to_nid(hpa->start);

	data.dax_region = alloc_dax_region(&cxlr_dax->dev, cxlr_dax->cxlr->id, hpa, nid, PMD_SIZE,
					   IORESOURCE_DAX_KMEM);
	if (!data.dax_region)
		return -ENOMEM;

	return PTR_ERR_OR_ZERO(devm_create_dev_dax(&data));
}

static int cxl_dax_region_probe(struct device *dev)
{
	struct cxl_dax_region *cxlr_dax = to_cxl_dax_region(dev);
	const struct dax_owner_span span = { cxlr_dax->hpa_range.start, cxlr_dax->hpa_range.end };
	struct dax_owner_claim *claim;
	int rc;

	claim = dax_owner_claim(dev, &span, DAX_OWNER_CXL, false);
	if (IS_ERR(claim))
		return PTR_ERR(claim);

	rc = make_dax_device(cxlr_dax);
	dax_owner_claim_done(claim, rc);
	return rc;
}

static struct cxl_driver cxl_dax_region_driver = {
	.name = "cxl_dax_region",
	.probe = cxl_dax_region_probe,
	.id = CXL_DEVICE_DAX_REGION,
	.drv = {
		.suppress_bind_attrs = true,
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	},
};

static struct workqueue_struct *dax_cxl_wq;
/* Written by the work, read by the exit after the work has ended */
static bool registered;
/* The module is being unloaded, so the work need not wait */
static bool exiting;

static bool is_exiting(void)
{
	return READ_ONCE(exiting);
}

static void register_driver(struct work_struct *work)
{
	int rc = -EINTR;

	if (dax_hmem_flush_work_until(is_exiting))
		rc = __cxl_driver_register(&cxl_dax_region_driver, THIS_MODULE, KBUILD_MODNAME);
	if (rc && !is_exiting())
		pr_err("%s: cannot register the driver: %d\n", KBUILD_MODNAME, rc);
	registered = !rc;
	dax_owner_driver_came();
}

static DECLARE_WORK(register_work, register_driver);

static int __init dax_cxl_init(void)
{
	if (is_kdump_kernel())
		return 0;

	dax_cxl_wq = alloc_workqueue("dax_cxl", WQ_UNBOUND, 0);
	if (!dax_cxl_wq)
		return -ENOMEM;
	dax_owner_driver_loads();
	queue_work(dax_cxl_wq, &register_work);
	return 0;
}
module_init(dax_cxl_init);

static void __exit dax_cxl_exit(void)
{
	if (!dax_cxl_wq)
		return;

	/* a work that has not started, or that waits for dax_hmem, ends now and registers nothing */
	WRITE_ONCE(exiting, true);
	dax_owner_wake();
	flush_work(&register_work);
	destroy_workqueue(dax_cxl_wq);
	if (registered)
		cxl_driver_unregister(&cxl_dax_region_driver);
}
module_exit(dax_cxl_exit);

MODULE_ALIAS("cxl:t" __stringify(CXL_DEVICE_DAX_REGION) "*");
MODULE_AUTHOR("the dax-owner authors");
MODULE_DESCRIPTION("CXL DAX: direct access to CXL regions, by the verdicts of dax_owner");
MODULE_LICENSE("GPL");
MODULE_VERSION(DAX_OWNER_VERSION);
COMPAT_IMPORT_NS("CXL");
