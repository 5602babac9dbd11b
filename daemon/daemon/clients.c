// SPDX-License-Identifier: GPL-2.0-only
/*
 * libsystemd keeps what a client has not read, up to 16 MiB. A subscriber is not waited for that
 * long: one that is MAX_BEHIND records behind is disconnected.
 */
#include <errno.h>
#include <sys/epoll.h>

#include "daemon/clients.h"

/* Records that a subscriber may not have read, beside those that the socket has room for */
#define MAX_BEHIND 512

/**
 * clients_add() - take a new connection
 * @clients: has room for one more
 * @link: the connection; its userdata is set
 * @addresses: it may see physical addresses
 *
 * Return: 0, or -EBUSY if there are MAX_CLIENTS.
 */
int clients_add(struct clients *clients, sd_varlink *link, bool addresses)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct client *client = &clients->clients[i];

		if (client->link)
			continue;
		*client = (struct client){ .link = sd_varlink_ref(link), .addresses = addresses };
		sd_varlink_set_userdata(link, client);
		return 0;
	}
	return -EBUSY;
}

/**
 * clients_remove() - a connection has ended
 * @link: the connection; may be one that was not added
 */
void clients_remove(sd_varlink *link)
{
	struct client *client = sd_varlink_get_userdata(link);

	if (!client)
		return;
	sd_varlink_unref(client->link);
	*client = (struct client){ };
}

/**
 * clients_wait() - its call is answered later
 * @link: the connection
 * @waits: what it waits for
 */
void clients_wait(sd_varlink *link, enum waits waits)
{
	struct client *client = sd_varlink_get_userdata(link);

	client->waits = waits;
}

/**
 * clients_may_see_addresses() - check whether a client may see physical addresses
 * @link: the connection
 */
bool clients_may_see_addresses(sd_varlink *link)
{
	const struct client *client = sd_varlink_get_userdata(link);

	return client && client->addresses;
}

/**
 * clients_have() - does anybody wait for this?
 * @clients: all of them
 * @waits: what
 */
bool clients_have(const struct clients *clients, enum waits waits)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (clients->clients[i].link && clients->clients[i].waits == waits)
			return true;
	return false;
}

/*
 * Written at once, as far as the socket has room: many records may be made before the loop is back.
 */
static int notify(struct client *client, sd_json_variant *reply)
{
	int r;

	r = sd_varlink_notify(client->link, reply);
	if (r >= 0)
		r = sd_varlink_process(client->link);
	/* it may have been found to be gone */
	if (r < 0 || !client->link)
		return r;
	r = sd_varlink_get_events(client->link);
	if (r < 0)
		return r;
	client->behind = r & EPOLLOUT ? client->behind + 1 : 0;
	return client->behind > MAX_BEHIND ? -ENOBUFS : 0;
}

/**
 * clients_notify() - send one more reply to those who wait for records
 * @clients: all of them
 * @notice: the reply. On out-of-memory every client that should get it is disconnected, so that none misses a
 *	record unnoticed.
 */
void clients_notify(struct clients *clients, const struct notice *notice)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct client *client = &clients->clients[i];
		sd_json_variant *reply = client->addresses ? notice->full : notice->reduced;

		if (client->waits != WAITS_RECORDS)
			continue;
		if ((!reply || notify(client, reply) < 0) && client->link)
			sd_varlink_close(client->link);
	}
}

/**
 * clients_release() - the reply for those who wait for ownership to be settled
 * @clients: all of them
 * @reply: the reply; NULL if there was no memory for it
 */
void clients_release(struct clients *clients, sd_json_variant *reply)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct client *client = &clients->clients[i];

		if (client->waits != WAITS_SETTLED)
			continue;
		client->waits = WAITS_NOT;
		if (!reply || sd_varlink_reply(client->link, reply) < 0)
			sd_varlink_close(client->link);
	}
}

/**
 * clients_close() - disconnect all of them
 * @clients: none are left
 */
void clients_close(struct clients *clients)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (clients->clients[i].link)
			sd_varlink_close(clients->clients[i].link);
}
