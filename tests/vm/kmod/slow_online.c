// SPDX-License-Identifier: GPL-2.0-only
/*
 * slow_online: makes each memory block take its time to go online, as on a server that
 * puts a lot of memory online, or that is busy.
 *
 * For the scenario slow-online; never installed anywhere but in the guest.
 */
#include <linux/delay.h>
#include <linux/memory.h>
#include <linux/module.h>

static unsigned int ms = 1000;
module_param(ms, uint, 0644);
MODULE_PARM_DESC(ms, "Milliseconds that each memory block takes (default: 1000)");

static int slow(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event == MEM_GOING_ONLINE)
		msleep(ms);
	return NOTIFY_OK;
}

static struct notifier_block nb = { .notifier_call = slow };

static int __init slow_online_init(void)
{
	return register_memory_notifier(&nb);
}
module_init(slow_online_init);

static void __exit slow_online_exit(void)
{
	unregister_memory_notifier(&nb);
}
module_exit(slow_online_exit);

MODULE_DESCRIPTION("Test only: memory goes online slowly");
MODULE_LICENSE("GPL");
