// SPDX-License-Identifier: GPL-2.0-only
/*
 * no_dax_region: leaves chosen CXL regions without a DAX region. The region is committed
 * and its driver is bound, as with an accelerator's region (type 2), but dax_cxl cannot
 * have it: the device that dax_cxl binds to is never added.
 *
 * For the scenarios region-no-dax and region-no-dax-part; never installed anywhere but in
 * the guest. The kernel's region driver asks, before it adds the DAX region, whether System
 * RAM is in the region already, and leaves the region alone if so. A kprobe answers that
 * question with yes. It must be loaded before the first region is assembled.
 */
#include <linux/ioport.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/objtool.h>

static unsigned long long at = ULLONG_MAX;
module_param(at, ullong, 0444);
MODULE_PARM_DESC(at, "First address of the region to leave without (default: every region)");

void no_dax_region_return(void);

/* Returns to the caller of the probed function, with the value that the probe set. */
asm(".pushsection .text\n"
    ".globl no_dax_region_return\n"
    ".type no_dax_region_return, @function\n"
    "no_dax_region_return:\n" ASM_ENDBR ASM_RET ".size no_dax_region_return, .-no_dax_region_return\n"
    ".popsection\n");

static bool asked_by_region_driver(unsigned long from)
{
	char text[KSYM_SYMBOL_LEN];

	sprint_symbol(text, from);
	return !strncmp(text, "cxl_region_probe", strlen("cxl_region_probe"));
}

/* walk_iomem_res_desc(desc, flags, start, end, arg, func) */
static int intercept(struct kprobe *probe, struct pt_regs *regs)
{
	u64 start = regs->dx, end = regs->cx;

	if (regs->si != (IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY) ||
	    (at != ULLONG_MAX && at != start) || !asked_by_region_driver(*(unsigned long *)regs->sp))
		return 0;

	pr_info("%#llx-%#llx gets no DAX region\n", start, end);
	regs->ax = 1;
	regs->ip = (unsigned long)no_dax_region_return;
	return 1;
}
NOKPROBE_SYMBOL(intercept);

/* Its presence keeps the probe from being optimised, which could not redirect. */
static void after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags) { }

static struct kprobe question = {
	.symbol_name = "walk_iomem_res_desc",
	.pre_handler = intercept,
	.post_handler = after,
};

static int __init no_dax_region_init(void)
{
	return register_kprobe(&question);
}
module_init(no_dax_region_init);

static void __exit no_dax_region_exit(void)
{
	unregister_kprobe(&question);
}
module_exit(no_dax_region_exit);

MODULE_DESCRIPTION("Test only: leaves CXL regions without a DAX region");
MODULE_LICENSE("GPL");
