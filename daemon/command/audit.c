// SPDX-License-Identifier: GPL-2.0-only
/*
 * dax-owner audit: the history of ownership, from the journal.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include "cleanup.h"
#include "command.h"
#include "record.h"

#define OPTION_JSON 'j'
#define OPTION_ALL 'a'
#define OPTION_BOOT 'b'

static const struct argp_option options[] = {
	{ "json", OPTION_JSON, NULL, 0, "JSON, a line for each record, see docs/schema/audit.json", 0 },
	{ "boot", OPTION_BOOT, "ID", 0, "Of that boot, as journalctl --list-boots has it; default: the running one", 0 },
	{ "all", OPTION_ALL, NULL, 0, "Of all boots that the journal has", 0 },
	{ }
};

/**
 * struct request - which records, and how
 * @json: as JSON
 * @all: of all boots
 * @boot: of this one
 */
struct request {
	bool json;
	bool all;
	sd_id128_t boot;
};

static error_t parse(int key, char *word, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_JSON:
		request->json = true;
		return 0;
	case OPTION_ALL:
		request->all = true;
		return 0;
	case OPTION_BOOT:
		if (sd_id128_from_string(word, &request->boot) < 0)
			argp_failure(state, EX_USAGE, 0, "%s: not the ID of a boot: 32 hexadecimal digits", word);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = command_takes_no_words,
	.doc = "Shows what the journal has of who owned what, and when: the records of dax-ownerd.",
};

/*
 * The user is said by journald and not by who logs: nobody else can put records there. (So is the
 * unit, but journald does not know it any more when a short process has ended.)
 */
static int match_program(sd_journal *journal, const char *name, uid_t uid)
{
	char text[64];
	int r;

	snprintf(text, sizeof(text), "SYSLOG_IDENTIFIER=%s", name);
	r = sd_journal_add_match(journal, text, 0);
	snprintf(text, sizeof(text), "_UID=%u", (unsigned int)uid);
	if (r >= 0)
		r = sd_journal_add_match(journal, text, 0);
	return r < 0 ? r : sd_journal_add_disjunction(journal);
}

static int match(sd_journal *journal, const struct request *request)
{
	const struct passwd *user = getpwnam("dax-owner");
	char text[64];
	int r;

	r = match_program(journal, "dax-owner-order", 0);
	/* where it was made anew, old records are another one's */
	if (r >= 0 && user)
		r = match_program(journal, "dax-ownerd", user->pw_uid);
	if (r >= 0)
		r = sd_journal_add_conjunction(journal);
	if (r < 0 || request->all)
		return r;
	snprintf(text, sizeof(text), "_BOOT_ID=" SD_ID128_FORMAT_STR, SD_ID128_FORMAT_VAL(request->boot));
	return sd_journal_add_match(journal, text, 0);
}

/* A record, and the value that was asked for last */
struct reading {
	sd_journal *journal;
	char *value;
};

static const char *get(const char *name, void *from)
{
	struct reading *reading = from;
	const void *data;
	size_t len, skip = strlen(name) + 1;

	if (sd_journal_get_data(reading->journal, name, &data, &len) < 0 || len < skip)
		return NULL;
	free(reading->value);
	reading->value = strndup((const char *)data + skip, len - skip);
	return reading->value;
}

static int print(const struct request *request, struct reading *reading)
{
	struct json_object *json;

	/* of the program, but not of the journal's interface */
	if (!get("DAX_OWNER_EVENT", reading))
		return 0;
	if (!request->json) {
		record_print(get, reading, stdout);
		return 1;
	}
	json = record_json(get, reading);
	if (!json)
		return -ENOMEM;
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return 1;
}

/* Return: how many there were, or a negative errno. */
static int print_all(const struct request *request, sd_journal *journal)
{
	struct reading reading = { .journal = journal };
	int r, n = 0;

	while ((r = sd_journal_next(journal)) > 0) {
		r = print(request, &reading);
		if (r < 0)
			break;
		n += r;
	}
	free(reading.value);
	return r < 0 ? r : n;
}

static int run(int argc, char **argv)
{
	_cleanup_(sd_journal_closep) sd_journal *journal = NULL;
	struct request request = { };
	int r;

	sd_id128_get_boot(&request.boot);
	argp_parse(&argp, argc, argv, 0, NULL, &request);
	r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
	if (r >= 0)
		r = match(journal, &request);
	if (r >= 0)
		r = print_all(&request, journal);
	if (r < 0)
		return command_fail(EX_OSERR, "cannot read the journal: %s", strerror(-r));
	if (!r)
		return command_fail(EX_UNAVAILABLE, "the journal shows no record of dax-ownerd: has it run then? May you read the journal "
				    "(sudo, or group systemd-journal)?");
	return 0;
}

const struct command command_audit = { "audit", "the history of ownership, from the journal", run };
