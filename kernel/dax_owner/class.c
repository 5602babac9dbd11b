// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger in sysfs: class dax_owner, one device per extent, one value per file, and the
 * DAX_OWNER_* variables of every uevent. docs/abi/sysfs-class-dax-owner documents them.
 *
 * A device attribute and the uevent callback must not take dax_owner_lock. The ledger removes
 * devices under that lock, and the removal waits for readers of the attributes.
 */
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "compat_config.h"
#include "internal.h"

/* Only root can read physical addresses, as in the DAX core. */
static ssize_t start_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%#llx\n", to_extent(dev)->node.span.start);
}
static DEVICE_ATTR_ADMIN_RO(start);

static ssize_t end_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%#llx\n", to_extent(dev)->node.span.end);
}
static DEVICE_ATTR_ADMIN_RO(end);

static ssize_t size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", dax_owner_span_len(&to_extent(dev)->node.span));
}
static DEVICE_ATTR_RO(size);

#define EXTENT_ATTR(name, fmt, expr) \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attr, char *buf) \
	{ \
		struct dax_owner_record record; \
\
		dax_owner_extent_snapshot(to_extent(dev), &record); \
		return sysfs_emit(buf, fmt "\n", expr); \
	} \
	static DEVICE_ATTR_RO(name)

EXTENT_ATTR(owner, "%s", dax_owner_owner_name(record.owner));
EXTENT_ATTR(previous, "%s", dax_owner_owner_name(record.previous));
EXTENT_ATTR(state, "%s", dax_owner_state_name(dax_owner_record_state(&record)));
EXTENT_ATTR(reason, "%s", dax_owner_reason_name(record.reason));
EXTENT_ATTR(flags, "%s", dax_owner_flags_text(record.flags));
EXTENT_ATTR(target_node, "%d", record.target_node);
EXTENT_ATTR(decided_us, "%llu", record.decided_us);
EXTENT_ATTR(error, "%d", record.error);
EXTENT_ATTR(holder, "%s", record.holder);
EXTENT_ATTR(usable_bytes, "%llu", record.usable_bytes);
EXTENT_ATTR(block_loss_bytes, "%llu", record.block_loss_bytes);

static struct attribute *extent_attrs[] = {
	&dev_attr_start.attr,
	&dev_attr_end.attr,
	&dev_attr_size.attr,
	&dev_attr_owner.attr,
	&dev_attr_previous.attr,
	&dev_attr_state.attr,
	&dev_attr_reason.attr,
	&dev_attr_flags.attr,
	&dev_attr_target_node.attr,
	&dev_attr_decided_us.attr,
	&dev_attr_error.attr,
	&dev_attr_holder.attr,
	&dev_attr_usable_bytes.attr,
	&dev_attr_block_loss_bytes.attr,
	NULL,
};
ATTRIBUTE_GROUPS(extent);

static int extent_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	/* the callback gets a const device, but takes the extent's lock, which is not const */
	struct dax_owner_extent *extent = to_extent((struct device *)dev);
	struct dax_owner_record record;

	dax_owner_extent_snapshot(extent, &record);

	/* no addresses: any user can listen to uevents, and can read the last one in sysfs */
	if (add_uevent_var(env, "DAX_OWNER_SIZE=%llu", dax_owner_span_len(&extent->node.span)) ||
	    add_uevent_var(env, "DAX_OWNER_OWNER=%s", dax_owner_owner_name(record.owner)) ||
	    add_uevent_var(env, "DAX_OWNER_PREVIOUS=%s", dax_owner_owner_name(record.previous)) ||
	    add_uevent_var(env, "DAX_OWNER_STATE=%s",
			   dax_owner_state_name(dax_owner_record_state(&record))) ||
	    add_uevent_var(env, "DAX_OWNER_REASON=%s", dax_owner_reason_name(record.reason)) ||
	    add_uevent_var(env, "DAX_OWNER_FLAGS=%s", dax_owner_flags_text(record.flags)) ||
	    add_uevent_var(env, "DAX_OWNER_DEVICE=%s", record.device) ||
	    add_uevent_var(env, "DAX_OWNER_TARGET_NODE=%d", record.target_node) ||
	    add_uevent_var(env, "DAX_OWNER_DECIDED_US=%llu", record.decided_us) ||
	    add_uevent_var(env, "DAX_OWNER_ERROR=%d", record.error) ||
	    add_uevent_var(env, "DAX_OWNER_HOLDER=%s", record.holder) ||
	    add_uevent_var(env, "DAX_OWNER_USABLE_BYTES=%llu", record.usable_bytes) ||
	    add_uevent_var(env, "DAX_OWNER_BLOCK_LOSS_BYTES=%llu", record.block_loss_bytes) ||
	    add_uevent_var(env, "DAX_OWNER_SETTLED=%d", dax_owner_settled()))
		return -ENOMEM;
	return 0;
}

static ssize_t settled_show(const struct class *class, const struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", dax_owner_settled());
}
static CLASS_ATTR_RO(settled);

static ssize_t version_show(const struct class *class, const struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", DAX_OWNER_VERSION);
}
static CLASS_ATTR_RO(version);

/* 1 if this kernel's series was in TESTED_KERNELS when the module was built, else 0 */
static ssize_t tested_show(const struct class *class, const struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", DAX_OWNER_TESTED);
}
static CLASS_ATTR_RO(tested);

static ssize_t policy_show(const struct class *class, const struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", dax_owner_policy_name(dax_owner_policy));
}
static CLASS_ATTR_RO(policy);

static ssize_t stranded_bytes_show(const struct class *class, const struct class_attribute *attr,
				   char *buf)
{
	u64 bytes;

	mutex_lock(&dax_owner_lock);
	bytes = dax_owner_stranded_bytes();
	mutex_unlock(&dax_owner_lock);
	return sysfs_emit(buf, "%llu\n", bytes);
}
static CLASS_ATTR_RO(stranded_bytes);

/* Userspace writes this after it triggered every device: a driver that is absent now stays absent. */
static ssize_t store_coldplug(const struct class *class, const struct class_attribute *attr,
			      const char *buf, size_t len)
{
	bool over;

	if (kstrtobool(buf, &over) || !over)
		return -EINVAL;
	dax_owner_coldplug_over();
	return len;
}
/* The name is not coldplug_store(): with gcov, objtool mistakes its counters for a ".cold" function. */
static struct class_attribute class_attr_coldplug = __ATTR(coldplug, 0200, NULL, store_coldplug);

/*
 * This attribute belongs to the class, which stays. A decision can remove an extent or the host,
 * and the removal waits for their attributes, so an attribute of either would deadlock.
 */
static ssize_t arbitrate_store(const struct class *class, const struct class_attribute *attr,
			       const char *buf, size_t len)
{
	u64 address;
	int rc = kstrtou64(buf, 0, &address);

	/* kstrtou64() returns -ERANGE for a number of more than 64 bits: it is no address either */
	if (rc)
		return -EINVAL;
	return dax_owner_arbitrate_again(address) ?: len;
}
static CLASS_ATTR_WO(arbitrate);

/* The kobject of the class. The driver core passes it only to the callback below. */
static struct kobject *class_kobj;

static umode_t class_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	class_kobj = kobj;
	return attr->mode;
}

/**
 * dax_owner_class_notify_settled() - wake every poll() of the file settled
 *
 * Context: process context; the class is registered and stays so.
 */
void dax_owner_class_notify_settled(void)
{
	sysfs_notify(class_kobj, NULL, "settled");
}

static struct attribute *class_attrs[] = {
	&class_attr_settled.attr,        &class_attr_version.attr,
	&class_attr_tested.attr,         &class_attr_policy.attr,
	&class_attr_stranded_bytes.attr, &class_attr_coldplug.attr,
	&class_attr_arbitrate.attr,      NULL,
};

static const struct attribute_group class_group = {
	.attrs = class_attrs,
	.is_visible = class_attr_visible,
};

static const struct attribute_group *class_groups[] = {
	&class_group,
	NULL,
};

const struct class dax_owner_class = {
	.name = "dax_owner",
	.class_groups = class_groups,
	.dev_groups = extent_groups,
	.dev_uevent = extent_uevent,
};
