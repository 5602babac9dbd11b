// SPDX-License-Identifier: GPL-2.0-only
/*
 * second_host: registers a second "hmem_platform" device, as upstream's cxl_test does, and
 * removes it when it is unloaded.
 *
 * For the scenario second-host; never installed anywhere but in the guest.
 */
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

/*
 * The in-tree dax_hmem of 7.1 and later takes the platform device for a part of a larger
 * structure, and queues the work behind it.
 */
static struct {
	struct platform_device pdev;
	struct work_struct work;
	bool did_probe;
} host;

static DECLARE_COMPLETION(released);

static void host_release(struct device *dev)
{
	complete(&released);
}

static void host_work(struct work_struct *work) { }

static int __init second_host_init(void)
{
	int rc;

	INIT_WORK(&host.work, host_work);
	host.pdev.name = "hmem_platform";
	host.pdev.id = 1;
	host.pdev.dev.release = host_release;
	rc = platform_device_register(&host.pdev);
	if (rc)
		platform_device_put(&host.pdev);
	return rc;
}
module_init(second_host_init);

static void __exit second_host_exit(void)
{
	platform_device_unregister(&host.pdev);
	/* the structure goes with the module */
	wait_for_completion(&released);
}
module_exit(second_host_exit);

MODULE_DESCRIPTION("Test only: a second hmem_platform device");
MODULE_LICENSE("GPL");
