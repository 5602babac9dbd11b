/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of dax-owner, and the functions that they share: command lines, snapshots, errors.
 */
#ifndef DAX_OWNER_CLI_COMMAND_H
#define DAX_OWNER_CLI_COMMAND_H

#include <argp.h>
#include <json-c/json.h>
#include <sysexits.h>

#include "cli/snapshot/snapshot.h"
#include "cli/target.h"

/**
 * struct command - a command of dax-owner
 * @name: the first word of the command line
 * @summary: half a line for the list of commands
 * @run: runs the command; @argv[0] is the name of the program and of the command. Returns the exit
 *   status. @root is the directory that holds a copy of a machine, "" for the running system.
 * @copies: the command works on a copy; otherwise @root is ""
 */
struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, const char *root);
	bool copies;
};

extern const struct command command_arbitrate;
extern const struct command command_audit;
extern const struct command command_check;
extern const struct command command_explain;
extern const struct command command_list;
extern const struct command command_map;
extern const struct command command_metrics;
extern const struct command command_monitor;
extern const struct command command_report;
extern const struct command command_settle;

/* Bytes of the sentence that command_problem() fills in, with its terminating zero */
#define COMMAND_PROBLEM_LEN 256

/* .children of an argp for a command with arguments, and for one with options only: the option -h */
extern const struct argp_child command_takes_words[];
extern const struct argp_child command_takes_no_words[];

__attribute__((format(printf, 2, 3))) int command_fail(int status, const char *format, ...);
void command_no_arguments(int argc, char **argv, const char *doc);
const char *command_optional_value(struct argp_state *state);
int command_target_allowed(const struct target *target, const struct snapshot *snapshot);
void command_target(struct argp_state *state, const char *word, struct target *target);
char *command_help(int key, const char *text, void (*print)(FILE *file));
int command_take_snapshot(const char *root, struct snapshot *snapshot);
int command_problem(int r, const struct snapshot *snapshot, char text[COMMAND_PROBLEM_LEN]);
int command_snapshot(const char *root, struct snapshot *snapshot);
int command_print_json(struct json_object *json);

#endif /* DAX_OWNER_CLI_COMMAND_H */
