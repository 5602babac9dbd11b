/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is connected, and what each of them waits for. What is said to them is none of its business.
 */
#ifndef DAX_OWNER_DAEMON_CLIENTS_H
#define DAX_OWNER_DAEMON_CLIENTS_H

#include <stdbool.h>

#include <systemd/sd-varlink.h>

/* Connections at a time */
#define MAX_CLIENTS 64

/**
 * enum waits - what a client waits for; it has one call at a time
 * @WAITS_NOT: nothing, or a call that is answered at once
 * @WAITS_RECORDS: each record (Subscribe)
 * @WAITS_SETTLED: that ownership is settled (Settle)
 */
enum waits {
	WAITS_NOT,
	WAITS_RECORDS,
	WAITS_SETTLED,
};

/**
 * struct client - a connection
 * @link: the connection, NULL for none
 * @addresses: it may see physical addresses
 * @waits: for what
 * @behind: messages put in its queue since that was last empty
 */
struct client {
	sd_varlink *link;
	bool addresses;
	enum waits waits;
	unsigned int behind;
};

/**
 * struct clients - all of them
 * @clients: in no order, with gaps
 */
struct clients {
	struct client clients[MAX_CLIENTS];
};

/**
 * struct notice - one reply, for the two kinds of clients
 * @full: with addresses
 * @reduced: without
 *
 * Each is NULL if there was no memory for it.
 */
struct notice {
	sd_json_variant *full;
	sd_json_variant *reduced;
};

int clients_add(struct clients *clients, sd_varlink *link, bool addresses);
void clients_remove(sd_varlink *link);
void clients_wait(sd_varlink *link, enum waits waits);
bool clients_may_see_addresses(sd_varlink *link);
bool clients_have(const struct clients *clients, enum waits waits);
void clients_notify(struct clients *clients, const struct notice *notice);
void clients_release(struct clients *clients, sd_json_variant *reply);
void clients_close(struct clients *clients);

#endif /* DAX_OWNER_DAEMON_CLIENTS_H */
