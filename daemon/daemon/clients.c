// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connections of the Varlink server.
 *
 * libsystemd queues up to 16 MiB for a client that does not read. That limit is too large, so this
 * file disconnects a subscriber that is more than MAX_BEHIND records behind.
 */
#include <errno.h>
#include <sys/epoll.h>

#include "daemon/clients.h"

/* Records that may be queued for a subscriber, in addition to those in its socket buffer */
#define MAX_BEHIND 512

/**
 * clients_add() - add a new connection
 * @clients: the clients
 * @link: the connection; the client takes a reference and becomes its userdata
 * @uid: user of the connection
 * @addresses: true if replies to it contain physical addresses
 *
 * Return: 0, or -EBUSY if there are MAX_CLIENTS clients already.
 */
int clients_add(struct clients *clients, sd_varlink *link, uid_t uid, bool addresses)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct client *client = &clients->clients[i];

		if (client->link)
			continue;
		*client = (struct client) {
			.link = sd_varlink_ref(link),
			.uid = uid,
			.addresses = addresses,
		};
		sd_varlink_set_userdata(link, client);
		return 0;
	}
	return -EBUSY;
}

/**
 * clients_remove() - remove a connection that has ended and drop its reference
 * @link: the connection; one that was never added is ignored
 */
void clients_remove(sd_varlink *link)
{
	struct client *client = sd_varlink_get_userdata(link);

	if (!client)
		return;
	sd_varlink_unref(client->link);
	*client = (struct client) {};
}

/**
 * clients_wait() - set what the current call of a client waits for
 * @link: the connection; was added
 * @waits: what the call waits for
 */
void clients_wait(sd_varlink *link, enum waits waits)
{
	struct client *client = sd_varlink_get_userdata(link);

	client->waits = waits;
}

/**
 * client_waits() - return what the current call of a client waits for
 * @link: the connection; was added
 *
 * Return: what the call waits for.
 */
enum waits client_waits(sd_varlink *link)
{
	const struct client *client = sd_varlink_get_userdata(link);

	return client->waits;
}

/* Return: the end of the user's pause; 0 if there is none. */
static uint64_t pause_end(const struct clients *clients, uid_t uid)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (clients->pauses[i].until && clients->pauses[i].uid == uid)
			return clients->pauses[i].until;
	return 0;
}

/**
 * clients_pause() - set the time until which a user gets no reply with all extents
 * @clients: the clients
 * @link: a connection of the user; was added
 * @until: end of the time on CLOCK_MONOTONIC, in µs; replaces an earlier end
 *
 * If there are too many pauses, the one that ends first is dropped.
 */
void clients_pause(struct clients *clients, sd_varlink *link, uint64_t until)
{
	const struct client *client = sd_varlink_get_userdata(link);
	struct pause *slot = clients->pauses;

	/* the connection may have ended with the reply */
	if (!client || !client->link)
		return;
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		struct pause *pause = &clients->pauses[i];

		if (pause->until && pause->uid == client->uid) {
			slot = pause;
			break;
		}
		if (pause->until < slot->until)
			slot = pause;
	}
	*slot = (struct pause) { client->uid, until };
}

/**
 * client_is_paused() - check whether the user of a connection gets no reply with all extents now
 * @clients: the clients
 * @link: the connection; was added
 * @now: the time on CLOCK_MONOTONIC, in µs
 *
 * Return: true if the user's pause has not ended.
 */
bool client_is_paused(const struct clients *clients, sd_varlink *link, uint64_t now)
{
	const struct client *client = sd_varlink_get_userdata(link);

	return pause_end(clients, client->uid) > now;
}

static bool waits_for_pause(const struct client *client)
{
	return client->link && (client->waits == WAITS_LIST || client->waits == WAITS_SUBSCRIBE);
}

/**
 * clients_next() - find when the next call that waits for the end of a pause can get its reply
 * @clients: the clients
 * @when: set to the time on CLOCK_MONOTONIC, in µs; it may have passed
 *
 * Return: false if no call waits for the end of a pause.
 */
bool clients_next(const struct clients *clients, uint64_t *when)
{
	*when = UINT64_MAX;
	for (size_t i = 0; i < MAX_CLIENTS; i++) {
		const struct client *client = &clients->clients[i];
		uint64_t end;

		if (!waits_for_pause(client))
			continue;
		end = pause_end(clients, client->uid);
		if (end < *when)
			*when = end;
	}
	return *when != UINT64_MAX;
}

/**
 * clients_due() - find a call that waited for the end of a pause that is over
 * @clients: the clients
 * @now: the time on CLOCK_MONOTONIC, in µs
 *
 * Return: the connection with the call, which the clients own; NULL if there is none.
 */
sd_varlink *clients_due(const struct clients *clients, uint64_t now)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (waits_for_pause(&clients->clients[i]) &&
		    pause_end(clients, clients->clients[i].uid) <= now)
			return clients->clients[i].link;
	return NULL;
}

/**
 * client_gets_addresses() - check whether replies to a client contain physical addresses
 * @link: the connection
 *
 * Return: true if they do; false also if the connection was never added.
 */
bool client_gets_addresses(sd_varlink *link)
{
	const struct client *client = sd_varlink_get_userdata(link);

	return client && client->addresses;
}

/**
 * clients_have() - check whether any client waits for this
 * @clients: the clients
 * @waits: what the clients wait for
 *
 * Return: true if at least one client does.
 */
bool clients_have(const struct clients *clients, enum waits waits)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (clients->clients[i].link && clients->clients[i].waits == waits)
			return true;
	return false;
}

/*
 * Write the reply at once, as far as the socket has room, because the daemon may make many records
 * before the event loop runs again.
 *
 * Return: 0 or positive; -ENOBUFS if the client is too far behind; another negative errno.
 */
static int notify(struct client *client, sd_json_variant *reply)
{
	int r;

	r = sd_varlink_notify(client->link, reply);
	if (r >= 0)
		r = sd_varlink_process(client->link);
	/* sd_varlink_process() removes a client that has disconnected */
	if (r < 0 || !client->link)
		return r;
	r = sd_varlink_get_events(client->link);
	if (r < 0)
		return r;
	client->behind = r & EPOLLOUT ? client->behind + 1 : 0;
	return client->behind > MAX_BEHIND ? -ENOBUFS : 0;
}

/**
 * clients_notify() - send one more reply to each subscriber
 * @clients: the clients
 * @notice: the reply; the caller keeps it
 *
 * On out-of-memory, each subscriber that should get the reply is disconnected, so that none misses
 * a record unnoticed. A subscriber that is too far behind is disconnected as well.
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
 * clients_reply_settled() - reply to each client that waits for ownership to be settled
 * @clients: the clients
 * @reply: the reply, which the caller keeps; NULL on out-of-memory, which disconnects the clients
 */
void clients_reply_settled(struct clients *clients, sd_json_variant *reply)
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
 * clients_close() - disconnect every client
 * @clients: the clients
 */
void clients_close(struct clients *clients)
{
	for (size_t i = 0; i < MAX_CLIENTS; i++)
		if (clients->clients[i].link)
			sd_varlink_close(clients->clients[i].link);
}
