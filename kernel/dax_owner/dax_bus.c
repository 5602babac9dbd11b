// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DAX devices of claims, and the drivers that are bound to them, as a notifier of
 * the DAX bus hears of them.
 *
 * A module can reach the DAX bus only through a device on it. So the notifier is registered
 * when the first DAX device has been made.
 */
#include <linux/module.h>
#include <linux/notifier.h>

#include "claims.h"

static int is_bound(struct device *dev, void *data)
{
	return device_is_bound(dev);
}

/* An administrator may have made several DAX devices of one region. */
static bool any_bound(struct dax_owner_claim *claim)
{
	return device_for_each_child(claim->dev, NULL, is_bound);
}

static int pin_bound(struct device *dev, void *data)
{
	struct device **bound = data;

	if (!device_is_bound(dev))
		return 0;
	*bound = get_device(dev);
	return 1;
}

static int is_probing(struct device *dev, void *data)
{
	return READ_ONCE(dev->driver) && !device_is_bound(dev);
}

/**
 * dax_owner_dax_probing() - check whether a driver probes a DAX device of a claim
 * @claim: the claim
 *
 * Context: dax_owner_lock held. Device locks are not: the answer may be outdated.
 */
bool dax_owner_dax_probing(struct dax_owner_claim *claim)
{
	lockdep_assert_held(&dax_owner_lock);

	return device_for_each_child(claim->dev, NULL, is_probing);
}

static enum dax_owner_event event_of(struct dax_owner_claim *claim, enum dax_owner_event event)
{
	if (any_bound(claim))
		return DAX_OWNER_EVENT_BOUND;
	return claim->idle ? DAX_OWNER_EVENT_IDLE : event;
}

/*
 * Record what the drivers of the DAX bus made of the claim's device, or devices. @dax is the
 * one to name, NULL if there is none; it is in sysfs until its notice, which needs the lock.
 */
static void record_dax(struct dax_owner_claim *claim, struct device *dax,
		       enum dax_owner_event event)
{
	const struct dax_owner_args args = { .owner = claim->owner, .dax = &claim->node.span };

	struct device *bound = NULL;

	lockdep_assert_held(&dax_owner_lock);

	event = event_of(claim, event);
	/* of several devices, one that a driver uses */
	if (dax && event == DAX_OWNER_EVENT_BOUND && !device_is_bound(dax))
		device_for_each_child(claim->dev, &bound, pin_bound);
	dax = bound ?: get_device(dax);

	/* the ledger lets go of the old one first */
	dax_owner_ledger_device(&claim->node.span, event, &args, dax);
	put_device(claim->dax);
	claim->dax = dax;
}

/* A device whose removal will go unnoticed is named, but not linked to and not pinned. */
static void record_unwatched(struct dax_owner_claim *claim, struct device *dax)
{
	const struct dax_owner_args args = {
		.owner = claim->owner,
		.dax = &claim->node.span,
		.device = dev_name(dax),
	};

	lockdep_assert_held(&dax_owner_lock);

	dax_owner_ledger_edit(&claim->node.span, event_of(claim, DAX_OWNER_EVENT_DEVICE), &args);
}

/* The device the ledger names goes: name another one, if there is one. */
static void dax_removed(struct dax_owner_claim *claim, struct device *dax)
{
	struct device *other;

	if (claim->dax != dax)
		return;
	/* it is no child any more */
	other = device_find_any_child(claim->dev);
	record_dax(claim, other, DAX_OWNER_EVENT_DEVICE);
	put_device(other);
}

static void claim_event(struct dax_owner_claim *claim, struct device *dax, unsigned long event)
{
	switch (event) {
	case BUS_NOTIFY_BIND_DRIVER:
		dax_owner_claim_probe(claim, true);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		dax_owner_claim_probe(claim, false);
		record_dax(claim, dax, DAX_OWNER_EVENT_BOUND);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		dax_owner_claim_probe(claim, false);
		record_dax(claim, dax, DAX_OWNER_EVENT_REFUSE);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		record_dax(claim, dax, DAX_OWNER_EVENT_UNBOUND);
		break;
	case BUS_NOTIFY_REMOVED_DEVICE:
		dax_removed(claim, dax);
		break;
	}
}

static int dax_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct device *dax = data;
	struct dax_owner_claim *claim;

	if (!dax->parent)
		return NOTIFY_DONE;

	mutex_lock(&dax_owner_lock);
	/* none while the parent is unbound: the driver core has taken its resources off already */
	claim = dax_owner_claim_of(dax->parent);
	if (claim)
		claim_event(claim, dax, event);
	mutex_unlock(&dax_owner_lock);
	return NOTIFY_OK;
}

static struct notifier_block dax_bus_nb = { .notifier_call = dax_bus_event };

/*
 * Protects @watched. Not dax_owner_lock: the notifier takes that inside the chain's own
 * lock, which registering takes.
 */
static DEFINE_MUTEX(watch_lock);
static const struct bus_type *watched;

static bool watch_dax_bus(const struct bus_type *bus)
{
	bool watching;

	mutex_lock(&watch_lock);
	if (!watched && !bus_register_notifier(bus, &dax_bus_nb))
		watched = bus;
	watching = watched;
	mutex_unlock(&watch_lock);
	return watching;
}

/*
 * dax.ko goes, and with it the bus: no claim and no DAX device is left, since dax_hmem and
 * dax_cxl use symbols of it. Should it come again, that is another bus.
 */
static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event != MODULE_STATE_GOING || strcmp(module->name, "dax"))
		return NOTIFY_DONE;

	mutex_lock(&watch_lock);
	/* its exit has run: most often the bus is not registered any more, and this fails */
	if (watched)
		bus_unregister_notifier(watched, &dax_bus_nb);
	watched = NULL;
	mutex_unlock(&watch_lock);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = module_event };

/**
 * dax_owner_claims_init() - watch the module dax being loaded and unloaded
 *
 * Once, when loading this module cannot fail any more.
 */
void __init dax_owner_claims_init(void)
{
	if (register_module_notifier(&module_nb))
		pr_warn("cannot register a notifier of modules: do not unload dax\n");
}

/**
 * dax_owner_dax_made() - record the DAX device of a claim, and watch it from here on
 * @claim: the claim, whose driver has just made it
 *
 * Not under the device lock of the DAX device: a driver that udev has loaded meanwhile may
 * hold that for minutes, while it puts memory online. Its notice is recorded in turn.
 *
 * Context: may sleep; takes dax_owner_lock.
 */
void dax_owner_dax_made(struct dax_owner_claim *claim)
{
	struct device *dax = device_find_any_child(claim->dev);
	bool watching;

	if (!dax)
		return;
	watching = watch_dax_bus(dax->bus);
	put_device(dax);

	/*
	 * Once more, now that it is watched: a child that is found has its notice of removal
	 * still to come. What was bound before shows in the device itself.
	 */
	dax = device_find_any_child(claim->dev);
	if (!dax)
		return;
	mutex_lock(&dax_owner_lock);
	if (watching)
		record_dax(claim, dax, DAX_OWNER_EVENT_DEVICE);
	else
		record_unwatched(claim, dax);
	if (any_bound(claim))
		dax_owner_claim_probe(claim, false);
	mutex_unlock(&dax_owner_lock);

	put_device(dax);
}
