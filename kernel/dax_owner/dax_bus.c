// SPDX-License-Identifier: GPL-2.0-only
/*
 * Record the DAX devices of claims, and the drivers that are bound to them. A notifier of the
 * DAX bus reports both.
 *
 * A module can reach the DAX bus only through a device on it. So the notifier is registered
 * after the first DAX device has been made.
 */
#include <linux/module.h>
#include <linux/notifier.h>

#include "claims.h"

static int is_bound(struct device *dev, void *data)
{
	return device_is_bound(dev);
}

/* Check all DAX devices of a claim: an administrator may have made several of one DAX region. */
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
 * Context: dax_owner_lock held, no device lock needed.
 * Return: true if a driver does; without device locks the value may be outdated.
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
 * Record an event of the DAX device, or devices, of a claim. @dax is the device that the ledger
 * is to name, NULL if there is none. @dax stays in sysfs while dax_owner_lock is held, because
 * the notice of its removal takes that lock first.
 */
static void record_dax(struct dax_owner_claim *claim, struct device *dax, enum dax_owner_event event)
{
	const struct dax_owner_args args = { .owner = claim->owner, .dax = &claim->node.span };
	struct device *bound = NULL;

	lockdep_assert_held(&dax_owner_lock);

	event = event_of(claim, event);
	/* of several devices, name one that a driver uses */
	if (dax && event == DAX_OWNER_EVENT_BOUND && !device_is_bound(dax))
		device_for_each_child(claim->dev, &bound, pin_bound);
	dax = bound ?: get_device(dax);

	/* the ledger drops its reference on the old device before the claim does */
	dax_owner_ledger_device(&claim->node.span, event, &args, dax);
	put_device(claim->dax);
	claim->dax = dax;
}

/*
 * Record the name of a DAX device without a link and without a reference, because no notice will
 * report its removal.
 */
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

/* Name another DAX device of the claim, or none, when the device that the ledger names goes. */
static void dax_removed(struct dax_owner_claim *claim, struct device *dax)
{
	struct device *other;

	if (claim->dax != dax)
		return;
	/* @dax is no longer a child of the claiming device */
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
	/* NULL while the parent is being unbound: the driver core has already detached its resources */
	claim = dax_owner_claim_of(dax->parent);
	if (claim)
		claim_event(claim, dax, event);
	mutex_unlock(&dax_owner_lock);
	return NOTIFY_OK;
}

static struct notifier_block dax_bus_nb = { .notifier_call = dax_bus_event };

/*
 * Protects @watched. dax_owner_lock cannot do that: the notifier takes it inside the lock of the
 * notifier chain, and registration takes the chain's lock.
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
 * Forget the DAX bus when dax.ko is unloaded. No claim and no DAX device is left then, because
 * dax_hmem and dax_cxl use symbols of dax.ko. If dax.ko is loaded again, it registers a new bus.
 */
static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *module = data;

	if (event != MODULE_STATE_GOING || strcmp(module->name, "dax"))
		return NOTIFY_DONE;

	mutex_lock(&watch_lock);
	/* fails if the exit of dax.ko has already unregistered the bus, which is the usual case */
	if (watched)
		bus_unregister_notifier(watched, &dax_bus_nb);
	watched = NULL;
	mutex_unlock(&watch_lock);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = module_event };

/**
 * dax_owner_claims_init() - register a notifier for the unload of the module dax
 *
 * Called once, when the load of this module can no longer fail.
 */
void __init dax_owner_claims_init(void)
{
	if (register_module_notifier(&module_nb))
		pr_warn("cannot register a module notifier: do not unload dax\n");
}

/**
 * dax_owner_dax_made() - record the DAX device of a claim and the later events of that device
 * @claim: the claim, whose driver has just made the DAX device
 *
 * This does not take the device lock of the DAX device. A driver that udev has loaded meanwhile
 * may hold that lock for minutes, while it puts memory online. The notice of that driver is
 * recorded when it arrives.
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
	 * Search again, now that the notifier is registered: the notice of removal of a child that
	 * is found now is still to come. A driver that was bound before shows in the device.
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
