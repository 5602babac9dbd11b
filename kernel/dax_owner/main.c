// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax_owner: decide and record which driver owns Soft Reserved memory.
 *
 * The module stays loaded: it has no exit and holds a reference on itself. Three facts must
 * outlive a reload of dax_hmem and dax_cxl: the end of the initial pass, the facts from firmware,
 * and the records of all extents.
 */
#include <linux/crash_dump.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "../compat/module_ns.h"
#include "compat_config.h"
#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

#define DEADLINE_MIN 1u
#define DEADLINE_MAX 100u

DEFINE_MUTEX(dax_owner_lock);
struct workqueue_struct *dax_owner_wq;
enum dax_owner_policy dax_owner_policy = DAX_OWNER_POLICY_WHOLE;
unsigned int dax_owner_deadline_s = 90;
u64 dax_owner_block_size;

static int policy_set(const char *text, const struct kernel_param *kp)
{
	int rc = dax_owner_policy_parse(text, &dax_owner_policy);

	if (rc)
		pr_err("policy=%s: must be whole or split\n", text);
	return rc;
}

static int policy_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", dax_owner_policy_name(dax_owner_policy));
}

static const struct kernel_param_ops policy_ops = {
	.set = policy_set,
	.get = policy_get,
};
module_param_cb(policy, &policy_ops, NULL, 0444);
MODULE_PARM_DESC(
	policy,
	"A range that CXL regions cover in part: whole (dax_hmem gets all of it) or split (default: whole)");

static int deadline_set(const char *text, const struct kernel_param *kp)
{
	unsigned int seconds;
	int rc = kstrtouint(text, 10, &seconds);

	if (!rc && (seconds < DEADLINE_MIN || seconds > DEADLINE_MAX))
		rc = -ERANGE;
	if (rc)
		pr_err("deadline=%s: must be %u to %u seconds\n", text, DEADLINE_MIN, DEADLINE_MAX);
	else
		dax_owner_deadline_s = seconds;
	return rc;
}

static const struct kernel_param_ops deadline_ops = {
	.set = deadline_set,
	.get = param_get_uint,
};
module_param_cb(deadline, &deadline_ops, &dax_owner_deadline_s, 0444);
MODULE_PARM_DESC(deadline,
		 "Seconds to wait for the end of CXL's enumeration, 1 to 100 (default: 90)");

/*
 * Read the evidence and register the notifiers, but not in a crash kernel. A crash kernel does
 * not need this memory and must not disturb it.
 */
static int __init init_evidence(void)
{
	int rc;

	if (is_kdump_kernel()) {
		pr_info("crash kernel: nothing is claimed\n");
		return 0;
	}

	rc = dax_owner_firmware_init();
	if (rc)
		return rc;
	rc = dax_owner_regions_init();
	if (rc)
		goto err_firmware;
	rc = dax_owner_enumeration_init();
	if (rc)
		goto err_regions;
	return 0;

err_regions:
	dax_owner_regions_exit();
err_firmware:
	dax_owner_firmware_free();
	return rc;
}

static void __init exit_evidence(void)
{
	if (is_kdump_kernel())
		return;
	dax_owner_enumeration_exit();
	dax_owner_regions_exit();
	dax_owner_firmware_free();
}

static int __init dax_owner_init(void)
{
	int rc;

	if (!DAX_OWNER_TESTED)
		pr_notice("untested kernel: this module was tested on " DAX_OWNER_TESTED_KERNELS
			  "\n");
	dax_owner_block_size = memory_block_size_bytes();

	dax_owner_wq = alloc_workqueue("dax_owner", WQ_UNBOUND, 0);
	if (!dax_owner_wq)
		return -ENOMEM;

	rc = init_evidence();
	if (rc)
		goto err_wq;

	/*
	 * The last step that may fail. A class and its devices have releases in this module, and
	 * nothing reports when they have been called. So the module must stay from here on.
	 */
	rc = class_register(&dax_owner_class);
	if (rc)
		goto err_evidence;

	__module_get(THIS_MODULE);
	dax_owner_claims_init();
	dax_owner_iomem_init();
	dax_owner_arbitrate_init();
	return 0;

err_evidence:
	exit_evidence();
err_wq:
	destroy_workqueue(dax_owner_wq);
	return rc;
}
module_init(dax_owner_init);

MODULE_AUTHOR("the dax-owner authors");
MODULE_DESCRIPTION("Decides and records which driver owns Soft Reserved memory");
MODULE_LICENSE("GPL");
MODULE_VERSION(DAX_OWNER_VERSION);
/* For userspace that reads it before the class exists; "0": untested kernel */
MODULE_INFO(tested, __stringify(DAX_OWNER_TESTED));
COMPAT_IMPORT_NS("CXL");
