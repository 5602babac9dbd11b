// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Varlink service, called by libsystemd's client over a socket. Both share one event loop, which
 * a test runs until no event is left. So no test waits, and a server that never becomes idle fails.
 * The test replaces libsystemd's sd_journal_sendv() by one that does nothing.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <systemd/sd-varlink.h>

#include "directory.h"
#include "daemon/describe.h"
#include "daemon/interface.h"
#include "daemon/server.h"

#define UNIT 0x200000ull
#define EXTENT(...) (&(struct extent) { __VA_ARGS__ })
#define AT(first, last) .span = { UNIT * (first), ((last) + 1) * UNIT - 1 }

/* More steps of the loop than any test takes */
#define MANY_STEPS 100000

/* The limits in server.c and clients.c */
#define CLIENTS_OF_USER 8
#define BEHIND 512

/* More records than may be left unread, but with the room of the socket not too many */
#define BURST (BEHIND + 100)

int sd_journal_sendv(const struct iovec *fields, int n)
{
	(void)fields;
	(void)n;
	return 0;
}

/* The user that the server assumes for a client */
static uid_t peer;

int sd_varlink_get_peer_uid(sd_varlink *link, uid_t *uid)
{
	(void)link;
	*uid = peer;
	return 0;
}

/* Calls of describe_extents(), and the processor time that each takes, in clock ticks */
static unsigned int descriptions;
static clock_t description_time;

int __real_describe_extents(struct recorder *recorder, enum arbiter arbiter, bool addresses,
			    sd_json_variant **json);
int __wrap_describe_extents(struct recorder *recorder, enum arbiter arbiter, bool addresses,
			    sd_json_variant **json);

int __wrap_describe_extents(struct recorder *recorder, enum arbiter arbiter, bool addresses,
			    sd_json_variant **json)
{
	clock_t end = clock() + description_time;

	descriptions++;
	while (clock() < end)
		;
	return __real_describe_extents(recorder, arbiter, addresses, json);
}

struct fixture {
	char socket[64];
	sd_event *event;
	struct recorder recorder;
	struct journal journal;
	struct server *server;
};

/* A client and its last reply */
struct client {
	sd_varlink *link;
	sd_json_variant *reply;
	char error[64];
	unsigned int replies;
	bool more;
	bool gone;
};

/* --- the server --- */

static void open_server(struct fixture *f)
{
	assert_int_equal(server_open(&f->server, f->event, directory, &f->recorder, &f->journal), 0);
}

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_int_equal(make_directory(state), 0);
	peer = 0;
	descriptions = 0;
	description_time = 0;
	snprintf(f->socket, sizeof(f->socket), "%s/" SERVER_SOCKET, directory);
	assert_int_equal(sd_event_new(&f->event), 0);
	f->journal.arbiter = ARBITER_DAX_OWNER;
	assert_int_equal(recorder_open(&f->recorder, &f->journal, directory), 0);
	/* do not read the regions of the machine that runs the test */
	f->recorder.regions_changed = false;
	open_server(f);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	server_close(f->server);
	recorder_close(&f->recorder);
	sd_event_unref(f->event);
	free(f);
	return remove_directory(state);
}

static void report_extent(struct fixture *f, struct extent *extent)
{
	assert_int_equal(recorder_extent(&f->recorder, extent), 0);
}

/* Run the loop until no event is left */
static void rest(struct fixture *f)
{
	int steps = 0;

	while (sd_event_run(f->event, 0) > 0)
		assert_true(++steps < MANY_STEPS);
}

/* Two extents: one that dax_cxl owns, and a stranded one of dax_hmem */
static void tell_two(struct fixture *f)
{
	f->recorder.regions.regions = calloc(1, sizeof(*f->recorder.regions.regions));
	f->recorder.regions.regions[0] = (struct region) { AT(0, 1), .name = "region0" };
	f->recorder.regions.n = 1;
	report_extent(f, EXTENT(AT(0, 1), .owner = DAX_OWNER_CXL, .state = DAX_OWNER_STATE_OWNED,
				.node = 1, .reason = DAX_OWNER_REASON_REGION_COVERS,
				.device = "dax0.0", .usable_bytes = 2 * UNIT, .decided_us = 12));
	report_extent(f, EXTENT(.span = { 4 * UNIT, UINT64_MAX }, .owner = DAX_OWNER_HMEM,
				.node = -1, .state = DAX_OWNER_STATE_STRANDED,
				.reason = DAX_OWNER_REASON_CLAIM_FAILED, .error = -EBUSY,
				.holder = "dax_region0",
				.flags = DAX_OWNER_FLAG_DEADLINE | DAX_OWNER_FLAG_UNSPLIT));
}

/* --- replies match the declared interface --- */

static const sd_varlink_symbol *method_of(const char *name)
{
	for (const sd_varlink_symbol *const *s = vl_interface_io_daxowner.symbols; *s; s++)
		if ((*s)->symbol_type == SD_VARLINK_METHOD && !strcmp((*s)->name, name))
			return *s;
	fail_msg("no method %s", name);
	return NULL;
}

static const sd_varlink_field *field_of(const sd_varlink_symbol *symbol, const char *name)
{
	for (const sd_varlink_field *field = symbol->fields; field->name; field++)
		if (field->field_type != _SD_VARLINK_FIELD_COMMENT &&
		    field->field_direction != SD_VARLINK_INPUT && !strcmp(field->name, name))
			return field;
	fail_msg("the reply has %s, but the interface does not declare it", name);
	return NULL;
}

static void is_declared(sd_json_variant *object, const sd_varlink_symbol *symbol);

static void is_of_type(sd_json_variant *value, const sd_varlink_field *field)
{
	switch (field->field_type) {
	case SD_VARLINK_STRING:
		assert_true(sd_json_variant_is_string(value));
		return;
	case SD_VARLINK_INT:
		assert_true(sd_json_variant_is_integer(value) || sd_json_variant_is_unsigned(value));
		return;
	case SD_VARLINK_BOOL:
		assert_true(sd_json_variant_is_boolean(value));
		return;
	case SD_VARLINK_NAMED_TYPE:
		is_declared(value, field->symbol);
		return;
	default:
		fail();
	}
}

static void is_declared(sd_json_variant *object, const sd_varlink_symbol *symbol)
{
	assert_true(sd_json_variant_is_object(object));
	/* keys and values alternate */
	for (size_t i = 0; i < sd_json_variant_elements(object); i += 2)
		field_of(symbol, sd_json_variant_string(sd_json_variant_by_index(object, i)));
	for (const sd_varlink_field *field = symbol->fields; field->name; field++) {
		sd_json_variant *value = sd_json_variant_by_key(object, field->name);

		if (field->field_type == _SD_VARLINK_FIELD_COMMENT ||
		    field->field_direction == SD_VARLINK_INPUT)
			continue;
		if (!value) {
			assert_true(field->field_flags & SD_VARLINK_NULLABLE);
			continue;
		}
		if (!(field->field_flags & SD_VARLINK_ARRAY)) {
			is_of_type(value, field);
			continue;
		}
		assert_true(sd_json_variant_is_array(value));
		for (size_t i = 0; i < sd_json_variant_elements(value); i++)
			is_of_type(sd_json_variant_by_index(value, i), field);
	}
}

/* --- clients --- */

static int on_reply(sd_varlink *link, sd_json_variant *parameters, const char *error,
		    sd_varlink_reply_flags_t flags, void *data)
{
	struct client *client = data;

	(void)link;
	client->gone = flags & SD_VARLINK_REPLY_LOCAL;
	if (client->gone)
		return 0;
	client->replies++;
	client->more = flags & SD_VARLINK_REPLY_CONTINUES;
	snprintf(client->error, sizeof(client->error), "%s", error ?: "");
	sd_json_variant_unref(client->reply);
	client->reply = sd_json_variant_ref(parameters);
	return 0;
}

static void join(struct fixture *f, struct client *client)
{
	*client = (struct client) {};
	assert_int_equal(sd_varlink_connect_address(&client->link, f->socket), 0);
	sd_varlink_set_userdata(client->link, client);
	assert_int_equal(sd_varlink_bind_reply(client->link, on_reply), 0);
	assert_int_equal(sd_varlink_attach_event(client->link, f->event, 0), 0);
	sd_varlink_set_relative_timeout(client->link, UINT64_MAX);
}

static void leave(struct client *client)
{
	sd_varlink_close_unref(client->link);
	sd_json_variant_unref(client->reply);
}

/* Call a method; @parameters is JSON or NULL */
static void call(struct fixture *f, struct client *client, const char *method,
		 const char *parameters)
{
	sd_json_variant *json = NULL;
	char full[64];

	if (parameters)
		assert_int_equal(sd_json_parse(parameters, 0, &json, NULL, NULL), 0);
	snprintf(full, sizeof(full), INTERFACE ".%s", method);
	assert_int_equal(sd_varlink_invoke(client->link, full, json), 0);
	sd_json_variant_unref(json);
	rest(f);
}

static void is_refused(struct fixture *f, const char *method, const char *parameters,
		       const char *error)
{
	struct client client;

	join(f, &client);
	call(f, &client, method, parameters);
	assert_string_equal(client.error, error);
	leave(&client);
}

static void subscribe(struct fixture *f, struct client *client)
{
	join(f, client);
	assert_int_equal(sd_varlink_observe(client->link, INTERFACE ".Subscribe", NULL), 0);
	rest(f);
	assert_int_equal(client->replies, 1);
	assert_true(client->more);
	is_declared(client->reply, method_of("Subscribe"));
}

static sd_json_variant *part(sd_json_variant *object, const char *name)
{
	sd_json_variant *value = sd_json_variant_by_key(object, name);

	assert_non_null(value);
	return value;
}

static void has_text(sd_json_variant *object, const char *name, const char *text)
{
	assert_string_equal(sd_json_variant_string(part(object, name)), text);
}

static void is_json(sd_json_variant *json, const char *expected)
{
	char *text;

	assert_true(sd_json_variant_format(json, 0, &text) > 0);
	assert_string_equal(text, expected);
	free(text);
}

/* The last record that a subscriber received */
static sd_json_variant *record_of(const struct client *client)
{
	is_declared(client->reply, method_of("Subscribe"));
	assert_null(sd_json_variant_by_key(client->reply, "ledger"));
	return part(client->reply, "record");
}

/* --- tests --- */

static void list_has_all_extents(void **state)
{
	struct fixture *f = *state;
	sd_json_variant *extents;
	struct client client;

	join(f, &client);
	call(f, &client, "List", NULL);
	is_json(part(client.reply, "extents"), "[]");
	assert_false(sd_json_variant_boolean(part(client.reply, "settled")));

	tell_two(f);
	recorder_settled(&f->recorder, true);
	call(f, &client, "List", NULL);
	assert_string_equal(client.error, "");
	is_declared(client.reply, method_of("List"));
	has_text(client.reply, "arbiter", "dax_owner");
	assert_true(sd_json_variant_boolean(part(client.reply, "settled")));
	assert_int_equal(sd_json_variant_unsigned(part(client.reply, "stranded_bytes")),
			 UINT64_MAX - 4 * UNIT + 1);
	extents = part(client.reply, "extents");
	assert_int_equal(sd_json_variant_elements(extents), 2);
	is_json(sd_json_variant_by_index(extents, 0),
		"{\"start\":\"0x0\",\"end\":\"0x3fffff\",\"size\":4194304,\"owner\":\"dax_cxl\","
		"\"previous\":\"none\",\"state\":\"owned\",\"reason\":\"region-covers\",\"flags\":[],"
		"\"device\":\"dax0.0\",\"target_node\":1,\"usable_bytes\":4194304,\"block_loss_bytes\":0,\"decided_us\":12,\"regions\":[\"region0\"]}");
	is_json(sd_json_variant_by_index(extents, 1),
		"{\"start\":\"0x800000\",\"end\":\"0xffffffffffffffff\",\"size\":18446744073701163008,"
		"\"owner\":\"dax_hmem\",\"previous\":\"none\",\"state\":\"stranded\","
		"\"reason\":\"claim-failed\",\"flags\":[\"deadline\",\"unsplit\"],"
		"\"usable_bytes\":0,\"block_loss_bytes\":0,\"error\":-16,"
		"\"holder\":\"dax_region0\",\"regions\":[]}");

	/* the arbiter may change while the daemon runs */
	f->journal.arbiter = ARBITER_NATIVE;
	call(f, &client, "List", NULL);
	has_text(client.reply, "arbiter", "native");
	leave(&client);
}

static void explain_known_extent_is_explained(void **state)
{
	static const struct {
		const char *question;
		const char *start;
	} known[] = {
		{ "{\"address\":\"0x3fffff\"}", "0x0" },
		{ "{\"address\":\"0X800000\"}", NULL },
		{ "{\"address\":\"0x800000\"}", "0x800000" },
		{ "{\"address\":\"8388608\"}", "0x800000" },
		{ "{\"address\":\"0xffffffffffffffff\"}", "0x800000" },
		{ "{\"device\":\"dax0.0\"}", "0x0" },
		{ "{\"device\":\"dax0.0\",\"address\":null}", "0x0" },
	};
	struct fixture *f = *state;
	struct client client;

	tell_two(f);
	join(f, &client);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		call(f, &client, "Explain", known[i].question);
		if (!known[i].start) {
			assert_string_equal(client.error, INTERFACE ".InvalidAddress");
			continue;
		}
		assert_string_equal(client.error, "");
		is_declared(client.reply, method_of("Explain"));
		has_text(part(client.reply, "extent"), "start", known[i].start);
	}
	has_text(client.reply, "rule", "Committed CXL regions cover the extent, so dax_cxl gets it");
	has_text(client.reply, "change",
		 "dax_hmem gets it if no committed region meets the extent when the range is decided");
	call(f, &client, "Explain", "{\"address\":\"0x800000\"}");
	has_text(client.reply, "rule",
		 "The extent was decided for dax_hmem, whose claim failed: Device or resource busy, already claimed by "
		 "dax_region0; CXL enumeration did not end by the deadline");
	leave(&client);
}

/* Lists, explanations, records and their messages omit the addresses */
static void server_other_user_gets_no_addresses(void **state)
{
	struct fixture *f = *state;
	struct client client, root, daemon;
	sd_json_variant *extent, *record;

	tell_two(f);
	peer = 65534;
	join(f, &client);
	call(f, &client, "List", NULL);
	is_declared(client.reply, method_of("List"));
	extent = sd_json_variant_by_index(part(client.reply, "extents"), 0);
	assert_null(sd_json_variant_by_key(extent, "start"));
	assert_null(sd_json_variant_by_key(extent, "end"));
	assert_int_equal(sd_json_variant_unsigned(part(extent, "size")), 2 * UNIT);
	call(f, &client, "Explain", "{\"device\":\"dax0.0\"}");
	assert_string_equal(client.error, "");
	assert_null(sd_json_variant_by_key(part(client.reply, "extent"), "start"));
	/* the error is always the same, because NoSuchExtent would reveal which addresses have no extent */
	call(f, &client, "Explain", "{\"address\":\"0x0\"}");
	assert_string_equal(client.error, INTERFACE ".AddressesForRootOnly");
	call(f, &client, "Explain", "{\"address\":\"0x400000\"}");
	assert_string_equal(client.error, INTERFACE ".AddressesForRootOnly");
	call(f, &client, "Explain", "{\"address\":\"x\"}");
	assert_string_equal(client.error, INTERFACE ".AddressesForRootOnly");
	leave(&client);

	subscribe(f, &client);
	extent = sd_json_variant_by_index(part(part(client.reply, "ledger"), "extents"), 0);
	assert_null(sd_json_variant_by_key(extent, "start"));
	peer = 0;
	subscribe(f, &root);
	/* processes of the daemon's user do not get them either, only root does */
	peer = 999;
	subscribe(f, &daemon);
	report_extent(f, EXTENT(AT(4, 5), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
				.device = "dax1.0"));
	rest(f);
	record = record_of(&client);
	has_text(record, "message", "4 MiB: owned by dax_hmem as dax1.0");
	assert_null(sd_json_variant_by_key(part(record, "extent"), "start"));
	has_text(record_of(&root), "message",
		 "0x800000-0xbfffff (4 MiB): owned by dax_hmem as dax1.0");
	has_text(part(record_of(&root), "extent"), "start", "0x800000");
	assert_null(sd_json_variant_by_key(part(record_of(&daemon), "extent"), "start"));
	leave(&client);
	leave(&root);
	leave(&daemon);
}

static void explain_bad_question_is_refused(void **state)
{
	static const char *const malformed[] = {
		"",
		"0x",
		"x",
		"-1",
		"+1",
		" 1",
		"1 ",
		"0x1g",
		"1f",
		"0x10000000000000000",
		"18446744073709551616",
	};
	static const char invalid[] = SD_VARLINK_ERROR_INVALID_PARAMETER;
	struct fixture *f = *state;
	char question[64];

	tell_two(f);
	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		snprintf(question, sizeof(question), "{\"address\":\"%s\"}", malformed[i]);
		is_refused(f, "Explain", question, INTERFACE ".InvalidAddress");
	}
	is_refused(f, "Explain", "{\"address\":\"0x400000\"}", INTERFACE ".NoSuchExtent");
	is_refused(f, "Explain", "{\"address\":\"0x7fffff\"}", INTERFACE ".NoSuchExtent");
	is_refused(f, "Explain", "{\"device\":\"dax9.0\"}", INTERFACE ".NoSuchExtent");
	/* the stranded extent has no device; an empty name does not find it */
	is_refused(f, "Explain", "{\"device\":\"\"}", INTERFACE ".NoSuchExtent");
	is_refused(f, "Explain", NULL, invalid);
	is_refused(f, "Explain", "{\"address\":\"0\",\"device\":\"dax0.0\"}", invalid);
	is_refused(f, "Explain", "{\"address\":0}", invalid);
	is_refused(f, "Explain", "{\"range\":\"0\"}", invalid);
}

static void subscribe_each_record_is_passed_on(void **state)
{
	struct fixture *f = *state;
	struct client first, second;
	sd_json_variant *record;

	tell_two(f);
	subscribe(f, &first);
	assert_int_equal(sd_json_variant_elements(part(part(first.reply, "ledger"), "extents")), 2);
	assert_null(sd_json_variant_by_key(first.reply, "record"));

	report_extent(f, EXTENT(AT(4, 5), .owner = DAX_OWNER_HMEM, .state = DAX_OWNER_STATE_OWNED,
				.device = "dax1.0"));
	rest(f);
	/* decided, claimed, owned */
	assert_int_equal(first.replies, 1 + 3);
	assert_true(first.more);
	record = record_of(&first);
	has_text(record, "event", "owned");
	has_text(record, "message", "0x800000-0xbfffff (4 MiB): owned by dax_hmem as dax1.0");
	has_text(part(record, "extent"), "device", "dax1.0");
	assert_null(sd_json_variant_by_key(record, "device"));
	assert_false(sd_json_variant_boolean(part(record, "settled")));

	subscribe(f, &second);
	recorder_device(&f->recorder, "dax", "dax1.0", true);
	rest(f);
	record = record_of(&second);
	has_text(record, "event", "add");
	has_text(record, "subsystem", "dax");
	has_text(record, "device", "dax1.0");
	assert_null(sd_json_variant_by_key(record, "extent"));

	leave(&first);
	recorder_settled(&f->recorder, true);
	rest(f);
	record = record_of(&second);
	has_text(record, "event", "settled");
	assert_true(sd_json_variant_boolean(part(record, "settled")));
	assert_int_equal(second.replies, 3);
	leave(&second);
}

static void subscribe_without_more_is_refused(void **state)
{
	struct fixture *f = *state;

	struct client client;

	join(f, &client);
	call(f, &client, "Subscribe", NULL);
	assert_string_equal(client.error, SD_VARLINK_ERROR_EXPECTED_MORE);
	/* the interface declares the requirement */
	assert_true(method_of("Subscribe")->symbol_flags & SD_VARLINK_REQUIRES_MORE);
	/* the client is not subscribed */
	tell_two(f);
	rest(f);
	assert_int_equal(client.replies, 1);
	call(f, &client, "List", NULL);
	assert_int_equal(client.replies, 2);
	leave(&client);
}

/* Many records at once, before the loop writes any of them */
static void subscribe_burst_is_delivered(void **state)
{
	struct fixture *f = *state;
	struct client client;

	subscribe(f, &client);
	for (unsigned int i = 0; i < BURST; i++)
		recorder_device(&f->recorder, "dax", "dax0.0", !(i & 1));
	rest(f);
	assert_false(client.gone);
	assert_int_equal(client.replies, 1 + BURST);
	leave(&client);
}

/* Open a connection that sends @message and reads nothing */
static int deaf(const struct fixture *f, const char *message)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", f->socket);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(write(fd, message, strlen(message) + 1), strlen(message) + 1);
	return fd;
}

static bool is_hung_up(int fd)
{
	struct pollfd pollfd = { .fd = fd };

	assert_true(poll(&pollfd, 1, 0) >= 0);
	return pollfd.revents & POLLHUP;
}

static unsigned int count_messages(int fd)
{
	unsigned int n = 0;
	char text[4096];
	ssize_t len;

	while ((len = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < len; i++)
			n += !text[i];
	return n;
}

static void subscribe_unread_records_drop_client(void **state)
{
	struct fixture *f = *state;
	struct client reader;
	unsigned int recorded = 0, had;
	int fd;

	fd = deaf(f, "{\"method\":\"" INTERFACE ".Subscribe\",\"more\":true}");
	rest(f);
	subscribe(f, &reader);
	for (; !is_hung_up(fd) && recorded < 100 * BEHIND; recorded++) {
		recorder_device(&f->recorder, "dax", "dax0.0", !(recorded & 1));
		rest(f);
	}
	assert_true(is_hung_up(fd));
	had = count_messages(fd);
	/* the client got the first reply and as many records as the socket holds; BEHIND more were queued */
	assert_true(had > 1);
	assert_int_equal(recorded, had - 1 + BEHIND + 1);
	assert_false(reader.gone);
	assert_int_equal(reader.replies, 1 + recorded);
	leave(&reader);
	close(fd);
}

static void server_gone_clients_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct client client;

	tell_two(f);
	for (unsigned int i = 0; i < 4 * CLIENTS_OF_USER; i++) {
		if (i & 1) {
			subscribe(f, &client);
		} else {
			join(f, &client);
			call(f, &client, "Settle", NULL);
		}
		leave(&client);
		/* a record after the client closed and before the loop notices it */
		recorder_device(&f->recorder, "dax", "dax0.0", !(i / 2 & 1));
		rest(f);
	}
	/* a connection that is open when the server ends */
	close(deaf(f, "{\"method\":\"" INTERFACE ".List\"}"));
	rest(f);
}

static void settle_replies_when_settled(void **state)
{
	struct fixture *f = *state;
	struct client early, late, gone;

	tell_two(f);
	join(f, &early);
	call(f, &early, "Settle", NULL);
	join(f, &gone);
	call(f, &gone, "Settle", NULL);
	leave(&gone);
	recorder_device(&f->recorder, "dax", "dax0.0", true);
	rest(f);
	assert_int_equal(early.replies, 0);

	recorder_settled(&f->recorder, true);
	rest(f);
	assert_int_equal(early.replies, 1);
	assert_string_equal(early.error, "");
	is_declared(early.reply, method_of("Settle"));
	/* one call gets one reply */
	recorder_device(&f->recorder, "dax", "dax1.0", true);
	rest(f);
	assert_int_equal(early.replies, 1);
	assert_false(early.gone);

	join(f, &late);
	call(f, &late, "Settle", NULL);
	assert_int_equal(late.replies, 1);
	assert_int_equal(sd_json_variant_unsigned(part(late.reply, "stranded_bytes")),
			 UINT64_MAX - 4 * UNIT + 1);

	/* no longer settled: a call on a used connection waits again */
	recorder_settled(&f->recorder, false);
	call(f, &early, "Settle", NULL);
	assert_int_equal(early.replies, 1);
	recorder_settled(&f->recorder, true);
	rest(f);
	assert_int_equal(early.replies, 2);
	assert_int_equal(late.replies, 1);
	leave(&early);
	leave(&late);
}

static void server_oneway_calls_get_no_reply(void **state)
{
	struct fixture *f = *state;
	struct client client;

	join(f, &client);
	assert_int_equal(sd_varlink_send(client.link, INTERFACE ".Settle", NULL), 0);
	assert_int_equal(sd_varlink_send(client.link, INTERFACE ".Subscribe", NULL), 0);
	assert_int_equal(sd_varlink_send(client.link, INTERFACE ".List", NULL), 0);
	rest(f);
	recorder_settled(&f->recorder, true);
	rest(f);
	assert_int_equal(client.replies, 0);
	call(f, &client, "List", NULL);
	assert_int_equal(client.replies, 1);
	assert_false(client.gone);
	leave(&client);
}

static void server_too_many_connections_are_refused(void **state)
{
	struct fixture *f = *state;
	struct client clients[CLIENTS_OF_USER], more;

	for (size_t i = 0; i < CLIENTS_OF_USER; i++) {
		join(f, &clients[i]);
		call(f, &clients[i], "List", NULL);
		assert_int_equal(clients[i].replies, 1);
	}
	join(f, &more);
	call(f, &more, "List", NULL);
	assert_true(more.gone);
	leave(&more);

	leave(&clients[0]);
	rest(f);
	join(f, &clients[0]);
	call(f, &clients[0], "List", NULL);
	assert_int_equal(clients[0].replies, 1);
	for (size_t i = 0; i < CLIENTS_OF_USER; i++)
		leave(&clients[i]);
}

static void list_unchanged_extents_are_described_once(void **state)
{
	struct fixture *f = *state;
	struct client client, other;

	tell_two(f);
	join(f, &client);
	for (unsigned int i = 0; i < 3; i++)
		call(f, &client, "List", NULL);
	assert_int_equal(client.replies, 3);
	subscribe(f, &other);
	leave(&other);
	assert_int_equal(descriptions, 1);

	recorder_settled(&f->recorder, true);
	call(f, &client, "List", NULL);
	assert_true(sd_json_variant_boolean(part(client.reply, "settled")));
	assert_int_equal(descriptions, 2);

	/* a call without reply causes no work */
	recorder_settled(&f->recorder, false);
	assert_int_equal(sd_varlink_send(client.link, INTERFACE ".List", NULL), 0);
	rest(f);
	assert_int_equal(descriptions, 2);

	/* another user gets another description */
	call(f, &client, "List", NULL);
	peer = 65534;
	join(f, &other);
	call(f, &other, "List", NULL);
	assert_null(sd_json_variant_by_key(sd_json_variant_by_index(part(other.reply, "extents"), 0),
					   "start"));
	assert_int_equal(descriptions, 4);
	leave(&client);
	leave(&other);
}

/* After a long reply, the calls of the same user wait, and those of another user do not */
static void list_long_reply_pauses_its_user(void **state)
{
	struct fixture *f = *state;
	struct client client, second, third, other;

	tell_two(f);
	description_time = CLOCKS_PER_SEC / 10;
	peer = 65534;
	join(f, &client);
	call(f, &client, "List", NULL);
	assert_int_equal(client.replies, 1);
	description_time = 0;
	join(f, &second);
	call(f, &second, "List", NULL);
	join(f, &third);
	assert_int_equal(sd_varlink_observe(third.link, INTERFACE ".Subscribe", NULL), 0);
	rest(f);
	peer = 65533;
	join(f, &other);
	call(f, &other, "List", NULL);
	assert_int_equal(other.replies, 1);
	assert_int_equal(second.replies, 0);
	assert_int_equal(third.replies, 0);
	/* a client may leave during the pause */
	leave(&client);
	join(f, &client);
	call(f, &client, "List", NULL);
	leave(&client);

	while (!second.replies || !third.replies)
		assert_true(sd_event_run(f->event, 10000000) > 0);
	assert_string_equal(second.error, "");
	is_declared(second.reply, method_of("List"));
	assert_non_null(sd_json_variant_by_key(third.reply, "ledger"));
	recorder_device(&f->recorder, "dax", "dax0.0", true);
	rest(f);
	assert_int_equal(third.replies, 2);
	assert_int_equal(second.replies, 1);
	leave(&second);
	leave(&third);
	leave(&other);
}

/* The server ends with connected clients, and starts while the old socket exists */
static void server_restart_disconnects_clients(void **state)
{
	struct fixture *f = *state;
	struct client subscriber, waiting, client;
	mode_t mask = umask(0077);
	struct stat socket;

	subscribe(f, &subscriber);
	join(f, &waiting);
	call(f, &waiting, "Settle", NULL);
	server_close(f->server);
	f->server = NULL;
	rest(f);
	assert_true(subscriber.gone);
	assert_true(waiting.gone);
	leave(&subscriber);
	leave(&waiting);
	/* without a server, records are passed on to no client */
	tell_two(f);

	assert_int_equal(stat(f->socket, &socket), 0);
	open_server(f);
	umask(mask);
	assert_int_equal(stat(f->socket, &socket), 0);
	assert_int_equal(socket.st_mode, S_IFSOCK | 0666);
	join(f, &client);
	call(f, &client, "List", NULL);
	assert_int_equal(client.replies, 1);
	leave(&client);
}

static void server_without_directory_is_refused(void **state)
{
	struct fixture *f = *state;
	struct server *server;

	assert_int_equal(server_open(&server, f->event, "/nonexistent", &f->recorder, &f->journal),
			 -ENOENT);
}

static void introspection_describes_interface(void **state)
{
	struct fixture *f = *state;
	struct client client;
	const char *text;

	join(f, &client);
	assert_int_equal(sd_varlink_invokebo(client.link,
					     "org.varlink.service.GetInterfaceDescription",
					     SD_JSON_BUILD_PAIR_STRING("interface", INTERFACE)),
			 0);
	rest(f);
	text = sd_json_variant_string(part(client.reply, "description"));
	assert_non_null(strstr(text, "method Subscribe("));
	assert_non_null(strstr(text, "error: ?int"));
	assert_non_null(strstr(text, "# Replies as soon as ownership is settled"));
	assert_int_equal(sd_varlink_invoke(client.link, "org.varlink.service.GetInfo", NULL), 0);
	rest(f);
	has_text(client.reply, "product", "dax-ownerd");
	leave(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(list_has_all_extents, begin, end),
		cmocka_unit_test_setup_teardown(explain_known_extent_is_explained, begin, end),
		cmocka_unit_test_setup_teardown(server_other_user_gets_no_addresses, begin, end),
		cmocka_unit_test_setup_teardown(explain_bad_question_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(subscribe_each_record_is_passed_on, begin, end),
		cmocka_unit_test_setup_teardown(subscribe_without_more_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(subscribe_burst_is_delivered, begin, end),
		cmocka_unit_test_setup_teardown(subscribe_unread_records_drop_client, begin, end),
		cmocka_unit_test_setup_teardown(server_gone_clients_are_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(settle_replies_when_settled, begin, end),
		cmocka_unit_test_setup_teardown(server_oneway_calls_get_no_reply, begin, end),
		cmocka_unit_test_setup_teardown(server_too_many_connections_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(list_unchanged_extents_are_described_once, begin,
						end),
		cmocka_unit_test_setup_teardown(list_long_reply_pauses_its_user, begin, end),
		cmocka_unit_test_setup_teardown(server_restart_disconnects_clients, begin, end),
		cmocka_unit_test_setup_teardown(server_without_directory_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(introspection_describes_interface, begin, end),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
