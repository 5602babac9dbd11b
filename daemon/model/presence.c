// SPDX-License-Identifier: GPL-2.0-only
#include "model/presence.h"

/**
 * presence_is_empty() - decide whether a machine is empty from the facts
 * @presence: the facts
 *
 * Return: true if the machine is empty; false also if that is not known.
 */
bool presence_is_empty(const struct presence *presence)
{
	return !presence->unknown && !presence->soft_reserved && !presence->hmem_host &&
	       !presence->cxl_host && !presence->ledger;
}
