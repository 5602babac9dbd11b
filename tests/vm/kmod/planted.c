// SPDX-License-Identifier: GPL-2.0-only
/*
 * planted: a bug of each kind that the debug kernel has an instrument for.
 *
 * For the scenarios planted-*, which show that the instrument works and that the harness
 * hears of it; never installed anywhere but in the guest.
 */
#include <linux/mutex.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *bug = "";
module_param(bug, charp, 0444);
MODULE_PARM_DESC(bug, "lock-inversion, use-after-free or leak");

/* Each in a function of its own that stays: the text of an init function is given to others. */

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static noinline void lock_inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	/* no other thread takes these locks, so this order never hangs; lockdep must report it */
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static noinline void use_after_free(void)
{
	char *memory = kzalloc(64, GFP_KERNEL);

	if (!memory)
		return;
	kfree(memory);
	/* behind the compiler's back */
	OPTIMIZER_HIDE_VAR(memory);
	pr_info("freed memory has %d\n", READ_ONCE(memory[8]));
}

static noinline void leak(void)
{
	char *memory = kzalloc(4000, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(memory);
}

static int __init planted_init(void)
{
	if (!strcmp(bug, "lock-inversion"))
		lock_inversion();
	else if (!strcmp(bug, "use-after-free"))
		use_after_free();
	else if (!strcmp(bug, "leak"))
		leak();
	else
		return -EINVAL;
	return 0;
}
module_init(planted_init);

MODULE_DESCRIPTION("Test only: has bugs");
MODULE_LICENSE("GPL");
