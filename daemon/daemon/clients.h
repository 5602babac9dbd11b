/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connections of the Varlink server, and what each of them waits for. This file must not know
 * the contents of a reply.
 */
#ifndef DAX_OWNER_DAEMON_CLIENTS_H
#define DAX_OWNER_DAEMON_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <systemd/sd-varlink.h>

/* Largest number of connections at the same time */
#define MAX_CLIENTS 64

/**
 * enum waits - what the current call of a client waits for; a client makes one call at a time
 * @WAITS_NOT: there is no call, or the reply is sent at once
 * @WAITS_RECORDS: each record (Subscribe)
 * @WAITS_SETTLED: settled ownership (Settle)
 * @WAITS_LIST: the end of the user's pause (List)
 * @WAITS_SUBSCRIBE: the end of the user's pause, then records (Subscribe)
 */
enum waits {
	WAITS_NOT,
	WAITS_RECORDS,
	WAITS_SETTLED,
	WAITS_LIST,
	WAITS_SUBSCRIBE,
};

/**
 * struct client - a connection
 * @link: the connection, with a reference; NULL in an unused entry
 * @uid: user of the connection
 * @addresses: replies contain physical addresses
 * @waits: what the current call waits for
 * @behind: replies sent since libsystemd's queue for the connection was last empty
 */
struct client {
	sd_varlink *link;
	uid_t uid;
	bool addresses;
	enum waits waits;
	unsigned int behind;
};

/**
 * struct pause - a time in which a user gets no reply with all extents
 * @uid: the user
 * @until: end of the time on CLOCK_MONOTONIC, in µs; 0 in an unused entry
 */
struct pause {
	uid_t uid;
	uint64_t until;
};

/**
 * struct clients - all connections
 * @clients: in no order, with unused entries between them
 * @pauses: the pauses, at most one for each user; an entry outlives the connections of its user
 */
struct clients {
	struct client clients[MAX_CLIENTS];
	struct pause pauses[MAX_CLIENTS];
};

/**
 * struct notice - one reply, in a version for each kind of client
 * @full: with physical addresses
 * @reduced: without physical addresses
 *
 * A version is NULL on out-of-memory.
 */
struct notice {
	sd_json_variant *full;
	sd_json_variant *reduced;
};

int clients_add(struct clients *clients, sd_varlink *link, uid_t uid, bool addresses);
void clients_remove(sd_varlink *link);
void clients_wait(sd_varlink *link, enum waits waits);
enum waits client_waits(sd_varlink *link);
void clients_pause(struct clients *clients, sd_varlink *link, uint64_t until);
bool client_is_paused(const struct clients *clients, sd_varlink *link, uint64_t now);
bool clients_next(const struct clients *clients, uint64_t *when);
sd_varlink *clients_due(const struct clients *clients, uint64_t now);
bool client_gets_addresses(sd_varlink *link);
bool clients_have(const struct clients *clients, enum waits waits);
void clients_notify(struct clients *clients, const struct notice *notice);
void clients_reply_settled(struct clients *clients, sd_json_variant *reply);
void clients_close(struct clients *clients);

#endif /* DAX_OWNER_DAEMON_CLIENTS_H */
