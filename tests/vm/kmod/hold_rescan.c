// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold_rescan: holds back the rescan that cxl_acpi queues at the end of its
 * probe, long enough for whoever waits for device probes alone to decide.
 *
 * For the scenario rescan-late; never installed anywhere but in the guest.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static unsigned int ms = 400;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "Milliseconds to hold it back");

static int hold(struct kprobe *probe, struct pt_regs *regs)
{
	mdelay(ms);
	return 0;
}

static struct kprobe rescan = {
	.symbol_name = "cxl_bus_rescan_queue",
	.pre_handler = hold,
};

static int __init hold_rescan_init(void)
{
	return register_kprobe(&rescan);
}
module_init(hold_rescan_init);

static void __exit hold_rescan_exit(void)
{
	unregister_kprobe(&rescan);
}
module_exit(hold_rescan_exit);

MODULE_DESCRIPTION("Test only: holds back the rescan of the CXL bus");
MODULE_LICENSE("GPL");
