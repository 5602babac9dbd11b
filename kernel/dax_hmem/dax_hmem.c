// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax_hmem: makes DAX devices of Soft Reserved ranges that are not CXL's.
 *
 * Two drivers: one for the hmem_platform device, the host, which stands for
 * all ranges there are; one for the hmem devices, one per extent, which the
 * host's driver registers as dax_owner offers them.
 *
 * Ranges that have to wait for CXL's first enumeration are left to a work
 * item, the initial pass. Nothing waits on a probe path: a probe that finds the
 * work still there fails with -EBUSY.
 *
 * It claims; it does not decide.
 */
#include <linux/crash_dump.h>
#include <linux/kmod.h>
#include <linux/memregion.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include "../compat/dax.h"
#include "../compat/module_ns.h"
#include "../dax_owner/dax_owner.h"
#include "dax_hmem.h"

static bool region_idle;
module_param(region_idle, bool, 0644);
MODULE_PARM_DESC(region_idle, "Leave the DAX regions empty, for an administrator to partition");

/* --- hmem devices: one per extent --- */

static int make_dax_device(struct platform_device *pdev, bool idle)
{
	struct memregion_info *mri = dev_get_platdata(&pdev->dev);
	struct dev_dax_data data = {
		.id = -1,
		.size = idle ? 0 : range_len(&mri->range),
		.memmap_on_memory = false,
	};

	data.dax_region = alloc_dax_region(&pdev->dev, pdev->id, &mri->range,
					   mri->target_node, PMD_SIZE,
					   idle ? 0 : IORESOURCE_DAX_KMEM);
	if (!data.dax_region)
		return -ENOMEM;

	return PTR_ERR_OR_ZERO(devm_create_dev_dax(&data));
}

static int dax_hmem_probe(struct platform_device *pdev)
{
	struct memregion_info *mri = dev_get_platdata(&pdev->dev);
	const struct dax_owner_span span = { mri->range.start, mri->range.end };
	const bool idle = READ_ONCE(region_idle);
	struct dax_owner_claim *claim;
	int rc;

	claim = dax_owner_claim(&pdev->dev, &span, DAX_OWNER_HMEM);
	if (IS_ERR(claim))
		return PTR_ERR(claim);

	rc = make_dax_device(pdev, idle);
	dax_owner_claim_done(claim, rc, idle);
	return rc;
}

static struct platform_driver dax_hmem_driver = {
	.probe = dax_hmem_probe,
	.driver = {
		.name = "hmem",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

/* --- the host: registers them --- */

static void free_memregion(void *data)
{
	memregion_free((long)data);
}

static void unregister_hmem(void *pdev)
{
	platform_device_unregister(pdev);
}

/* The dax_owner_offer_fn. All it makes goes with the host's driver. */
static int register_hmem(struct device *host, const struct dax_owner_span *span,
			 int target_node)
{
	const struct memregion_info info = {
		.target_node = target_node,
		.range = { .start = span->start, .end = span->end },
	};
	struct platform_device *pdev;
	long id;
	int rc;

	id = memregion_alloc(GFP_KERNEL);
	if (id < 0)
		return id;
	rc = devm_add_action_or_reset(host, free_memregion, (void *)id);
	if (rc)
		return rc;

	pdev = platform_device_alloc("hmem", id);
	if (!pdev)
		return -ENOMEM;
	pdev->dev.parent = host;
	pdev->dev.numa_node = numa_map_to_online_node(target_node);

	rc = platform_device_add_data(pdev, &info, sizeof(info));
	if (rc)
		goto err_put;
	rc = platform_device_add(pdev);
	if (rc)
		goto err_put;

	return devm_add_action_or_reset(host, unregister_hmem, pdev);

err_put:
	platform_device_put(pdev);
	return rc;
}

/* --- the initial pass --- */

static struct workqueue_struct *dax_hmem_wq;

/**
 * struct initial_pass - the work that waits for CXL
 * @work: runs at most once per binding of the host
 * @host: pinned from queueing until the work has ended
 * @in_flight: queued or running; under the device lock of the host
 * @exiting: the module is being unloaded, there is nothing to wait for
 */
struct initial_pass {
	struct work_struct work;
	struct device *host;
	bool in_flight;
	bool exiting;
};

static struct initial_pass initial_pass;

static bool exiting(void)
{
	return READ_ONCE(initial_pass.exiting);
}

static void run_initial_pass(struct work_struct *work)
{
	struct device *host = initial_pass.host;
	enum dax_owner_pass pass = dax_owner_await_cxl(exiting);

	device_lock(host);
	/* gives up if the host was unbound; until then a rebind is refused */
	if (host->driver && pass != DAX_OWNER_PASS_PENDING)
		dax_owner_end_initial_pass(host, pass, register_hmem);
	initial_pass.in_flight = false;
	device_unlock(host);
	put_device(host);
}

/**
 * dax_hmem_flush_work() - wait until dax_hmem has dispositioned all its ranges
 *
 * As long as the deadline of dax_owner, at most. For dax_cxl, which needs this symbol
 * and so this module.
 *
 * Context: process context; never on a probe path.
 */
void dax_hmem_flush_work(void)
{
	if (dax_hmem_wq)
		flush_workqueue(dax_hmem_wq);
}
EXPORT_SYMBOL_GPL(dax_hmem_flush_work);

static void queue_initial_pass(struct device *host)
{
	device_lock_assert(host);

	initial_pass.in_flight = true;
	initial_pass.host = get_device(host);
	queue_work(dax_hmem_wq, &initial_pass.work);
}

static int hmem_platform_probe(struct platform_device *pdev)
{
	int rc;

	if (initial_pass.in_flight) {
		dev_info(&pdev->dev, "the initial pass still waits for CXL, bind again later\n");
		return -EBUSY;
	}

	rc = dax_owner_arbitrate(&pdev->dev, register_hmem);
	if (rc)
		return rc;

	if (dax_owner_awaits_cxl())
		queue_initial_pass(&pdev->dev);
	return 0;
}

static struct platform_driver hmem_platform_driver = {
	.probe = hmem_platform_probe,
	.driver = {
		.name = "hmem_platform",
		/* dax_cxl flushes what this has queued by the time we are loaded */
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

static int __init dax_hmem_init(void)
{
	int rc;

	if (is_kdump_kernel())
		return 0;

	/* CXL enumeration has to be on its way before anything waits for it */
	if (IS_ENABLED(CONFIG_DEV_DAX_CXL)) {
		request_module("cxl_acpi");
		request_module("cxl_pci");
	}

	INIT_WORK(&initial_pass.work, run_initial_pass);
	dax_hmem_wq = alloc_ordered_workqueue("dax_hmem", 0);
	if (!dax_hmem_wq)
		return -ENOMEM;

	rc = platform_driver_register(&dax_hmem_driver);
	if (rc)
		goto err_wq;

	rc = platform_driver_register(&hmem_platform_driver);
	if (rc)
		goto err_driver;

	return 0;

err_driver:
	platform_driver_unregister(&dax_hmem_driver);
err_wq:
	destroy_workqueue(dax_hmem_wq);
	return rc;
}
module_init(dax_hmem_init);

static void __exit dax_hmem_exit(void)
{
	if (!dax_hmem_wq)
		return;

	/* 1. the host: its hmem devices go, no work can be queued any more */
	platform_driver_unregister(&hmem_platform_driver);
	/* 2. the work: waits no longer, finds the host unbound, gives up */
	WRITE_ONCE(initial_pass.exiting, true);
	dax_owner_wake();
	destroy_workqueue(dax_hmem_wq);
	/* 3. nothing registers hmem devices any more */
	platform_driver_unregister(&dax_hmem_driver);
}
module_exit(dax_hmem_exit);

MODULE_ALIAS("platform:hmem*");
MODULE_ALIAS("platform:hmem_platform*");
MODULE_DESCRIPTION("HMEM DAX: direct access to Soft Reserved memory, by the verdicts of dax_owner");
MODULE_LICENSE("GPL");
MODULE_VERSION(DAX_OWNER_VERSION);
