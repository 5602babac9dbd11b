// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax_hmem: make DAX devices of the Soft Reserved ranges that dax_cxl does not own.
 *
 * The module has two drivers. One binds the hmem_platform device, the host, which stands for all
 * ranges. It registers an hmem device for each extent that dax_owner offers. The other binds
 * these hmem devices.
 *
 * The initial pass of dax_owner handles the ranges that have to wait for CXL's first
 * enumeration. No probe waits: if the pass is still queued or running, the host's probe fails
 * with -EBUSY.
 *
 * dax_hmem claims and does not decide.
 */
#include <linux/crash_dump.h>
#include <linux/kmod.h>
#include <linux/memregion.h>
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/platform_device.h>

#include "../compat/dax.h"
#include "../compat/module_ns.h"
#include "../dax_owner/dax_owner.h"
#include "dax_hmem.h"

static bool region_idle;
module_param(region_idle, bool, 0644);
MODULE_PARM_DESC(region_idle, "Leave the DAX regions empty, for an administrator to partition");

/* --- hmem devices: one per extent --- */

/*
 * Give the device to kmem, unless kmem would refuse it. Without a node, kmem would mix memory of
 * different speed. Without a whole memory block, it would have no block to add. device_dax gets
 * such a device, which is then usable as a devdax device.
 */
static unsigned long region_flags(const struct memregion_info *mri, bool idle)
{
	const struct dax_owner_span span = { mri->range.start, mri->range.end };

	if (idle || !dax_owner_usable_bytes(&span, mri->target_node))
		return 0;
	return IORESOURCE_DAX_KMEM;
}

static int make_dax_device(struct platform_device *pdev, bool idle)
{
	struct memregion_info *mri = dev_get_platdata(&pdev->dev);
	struct dev_dax_data data = {
		.id = -1,
		.size = idle ? 0 : range_len(&mri->range),
		.memmap_on_memory = false,
	};

	data.dax_region = alloc_dax_region(&pdev->dev, pdev->id, &mri->range, mri->target_node,
					   PMD_SIZE, region_flags(mri, idle));
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

	claim = dax_owner_claim(&pdev->dev, &span, DAX_OWNER_HMEM, idle);
	if (IS_ERR(claim))
		return PTR_ERR(claim);

	rc = make_dax_device(pdev, idle);
	dax_owner_claim_done(claim, rc);
	return rc;
}

static struct platform_driver dax_hmem_driver = {
	.probe = dax_hmem_probe,
	.driver = {
		.name = "hmem",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

/* --- the host: registers the hmem devices --- */

static void hmem_unregister(void *data)
{
	struct platform_device *pdev = data;
	int id = pdev->id;

	platform_device_unregister(pdev);
	memregion_free(id);
}

/**
 * hmem_register() - register the hmem device of an extent, as &dax_owner_hmem_ops.offer
 * @host: the hmem_platform device, bound, under its device lock; its unbind unregisters the new
 *	device and frees it
 * @span: the extent, end inclusive
 * @target_node: its NUMA node, or NUMA_NO_NODE
 *
 * Return: 0 or a negative errno; 0 also if the claim of the new device failed, because its probe
 * has recorded that.
 */
static int hmem_register(struct device *host, const struct dax_owner_span *span, int target_node)
{
	const struct memregion_info info = {
		.target_node = target_node,
		.range = { .start = span->start, .end = span->end },
	};
	struct platform_device *pdev;
	int id, rc;

	id = memregion_alloc(GFP_KERNEL);
	if (id < 0)
		return id;

	pdev = platform_device_alloc("hmem", id);
	if (!pdev) {
		rc = -ENOMEM;
		goto err_id;
	}
	pdev->dev.parent = host;
	pdev->dev.numa_node = numa_map_to_online_node(target_node);

	rc = platform_device_add_data(pdev, &info, sizeof(info));
	if (rc)
		goto err_put;
	rc = platform_device_add(pdev);
	if (rc)
		goto err_put;

	return devm_add_action_or_reset(host, hmem_unregister, pdev);

err_put:
	platform_device_put(pdev);
err_id:
	memregion_free(id);
	return rc;
}

static int is_bound(struct device *dev, void *data)
{
	bool bound;

	/*
	 * A probe in flight may put memory online for minutes. A kworker waits here for its end,
	 * because no signal interrupts a kworker.
	 */
	if (device_lock_interruptible(dev))
		return true;
	bound = device_is_bound(dev);
	device_unlock(dev);
	return bound;
}

static int kill_unless_bound(struct device *dev, void *data)
{
	bool bound;

	if (device_lock_interruptible(dev))
		return true;
	bound = device_is_bound(dev);
	if (!bound)
		kill_device(dev);
	device_unlock(dev);
	return bound;
}

/*
 * Keep drivers from the DAX devices below an hmem device, if none of them has a driver. If a
 * driver were unbound because its device is unregistered, it might leave its memory online and
 * lost until the next boot. Return false if a driver uses one, or if a signal is pending.
 */
static bool take_out_of_use(struct device *dev)
{
	bool used;

	if (device_lock_interruptible(dev))
		return false;
	used = device_for_each_child(dev, NULL, is_bound) ||
	       device_for_each_child(dev, NULL, kill_unless_bound);
	device_unlock(dev);
	return !used;
}

static int withdraw(struct device *dev, void *range)
{
	const struct memregion_info *mri = dev_get_platdata(dev);
	const struct dax_owner_span span = { mri->range.start, mri->range.end };

	if (dax_owner_span_meets(&span, range) && take_out_of_use(dev))
		devm_release_action(dev->parent, hmem_unregister, to_platform_device(dev));
	return 0;
}

/* Unregister the hmem devices of a range, except those whose DAX device has a driver. */
static void hmem_withdraw(struct device *host, const struct dax_owner_span *range)
{
	device_for_each_child(host, (void *)range, withdraw);
}

static const struct dax_owner_hmem_ops hmem_ops = {
	.offer = hmem_register,
	.withdraw = hmem_withdraw,
};

static int hmem_platform_probe(struct platform_device *pdev)
{
	int rc;

	/* the kernel registers number 0; cxl_test registers another one, for ranges of its own */
	if (pdev->id)
		return -ENODEV;

	rc = dax_owner_bind_host(&pdev->dev, &hmem_ops);
	if (rc == -EBUSY)
		dev_info(&pdev->dev,
			 "cannot bind: the initial pass still waits for CXL, bind again later\n");
	return rc;
}

static struct platform_driver hmem_platform_driver = {
	.probe = hmem_platform_probe,
	.driver = {
		.name = "hmem_platform",
		/* dax_cxl waits for the pass that this probe queues: it must be queued when we are loaded */
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

/* Start CXL's enumeration before anything waits for it. */
static void __init request_cxl(void)
{
	if (!IS_ENABLED(CONFIG_DEV_DAX_CXL))
		return;
	request_module("cxl_acpi");
	request_module("cxl_pci");
}

/**
 * dax_hmem_flush_work() - wait until dax_hmem has handled all its ranges
 *
 * The wait lasts at most for the deadline of dax_owner plus the time that the memory takes to
 * come online. The in-tree dax_cxl calls this function, with this prototype.
 *
 * Context: process context; never on a probe path.
 */
void dax_hmem_flush_work(void)
{
	dax_owner_wait_for_pass(NULL);
}
EXPORT_SYMBOL_GPL(dax_hmem_flush_work);

/**
 * dax_hmem_flush_work_until() - wait as dax_hmem_flush_work(), or until the caller gives up
 * @give_up: called after each dax_owner_wake(); returns true to end the wait
 *
 * dax_cxl calls this function, and so needs this module.
 *
 * Context: process context; never on a probe path.
 * Return: true if all ranges are handled; false if @give_up returned true first.
 */
bool dax_hmem_flush_work_until(bool (*give_up)(void))
{
	return dax_owner_wait_for_pass(give_up);
}
EXPORT_SYMBOL_GPL(dax_hmem_flush_work_until);

static int __init dax_hmem_init(void)
{
	int rc;

	if (is_kdump_kernel())
		return 0;

	request_cxl();

	rc = platform_driver_register(&dax_hmem_driver);
	if (rc)
		return rc;

	rc = platform_driver_register(&hmem_platform_driver);
	if (rc)
		goto err_driver;

	return 0;

err_driver:
	platform_driver_unregister(&dax_hmem_driver);
	return rc;
}
module_init(dax_hmem_init);

static void __exit dax_hmem_exit(void)
{
	if (is_kdump_kernel())
		return;

	/* 1. unbind the host: its hmem devices go, and no initial pass can be queued any more */
	platform_driver_unregister(&hmem_platform_driver);
	/* 2. end the initial pass: its wait ends, it finds the host unbound and gives up */
	dax_owner_cancel_pass();
	/* 3. no hmem device can be registered any more, so unregister their driver */
	platform_driver_unregister(&dax_hmem_driver);
}
module_exit(dax_hmem_exit);

MODULE_ALIAS("platform:hmem*");
MODULE_ALIAS("platform:hmem_platform*");
MODULE_AUTHOR("the dax-owner authors");
MODULE_DESCRIPTION("HMEM DAX: direct access to Soft Reserved memory, by the verdicts of dax_owner");
MODULE_LICENSE("GPL");
MODULE_VERSION(DAX_OWNER_VERSION);
