// SPDX-License-Identifier: GPL-2.0-only
/*
 * For root, libcxl waits for the probes of memory devices, and a probe waits for the media of its
 * device. That can take a minute and more, and no signal ends it. So a child process calls libcxl, and its
 * parent goes on after a limited time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/snapshot/programs.h"
#include "cli/snapshot/topology-child.h"
#include "cli/snapshot/topology-json.h"

DEFINE_CLEANUP(struct json_object *, json_object_put)

/* In ms */
#define LIMIT_MS 5000

/* In bytes, more than the devices of a machine need; an archive holds the JSON */
#define MAX_OUTPUT (4 << 20)

/* Return: an exit status, which is an errno. */
static int print(FILE *output)
{
	_cleanup_(json_object_putp) struct json_object *json = NULL;
	_cleanup_(topology_free) struct topology topology = {};
	int r = topology_read(&topology);

	if (r)
		return -r;
	json = topology_json(&topology);
	if (!json)
		return ENOMEM;
	fputs(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN), output);
	return 0;
}

/**
 * topology_child_read() - read the topology of CXL of the running system
 * @json: set to the topology in the form of topology_json(), whose reference the caller drops; NULL
 *   after an error
 *
 * The function returns after five seconds at the latest, and one more if the child does not end.
 *
 * Return: 0; -ETIME after that time; -ENOMEM; another negative errno.
 */
int topology_child_read(struct json_object **json)
{
	_cleanup_(freep) char *text = NULL;
	size_t len;
	FILE *output = open_memstream(&text, &len);
	int r = output ? program_call(print, LIMIT_MS, MAX_OUTPUT, output) : -ENOMEM;

	*json = NULL;
	if (output && fclose(output))
		return -ENOMEM;
	if (r)
		return r > 0 ? -r : r;
	*json = json_tokener_parse(text);
	return *json ? 0 : -EBADMSG;
}

/**
 * topology_child_problem() - describe why topology_child_read() failed
 * @r: its return value
 *
 * Return: text that is valid until the next call.
 */
const char *topology_child_problem(int r)
{
	return r == -ETIME ? "libcxl took longer than five seconds" : strerror(-r);
}
