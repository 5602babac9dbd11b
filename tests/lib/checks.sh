# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced. Count the checks of a test script. A script ends with `checks_end`, whose last
# line is "N passed, N failed, N skipped". scripts/test adds these lines up.

checks_passed=0
checks_failed=0
checks_skipped=0

# passed NAME, failed NAME [FILE to print], skipped NAME REASON
passed() {
	echo "PASS $1"
	checks_passed=$((checks_passed + 1))
}

failed() {
	echo "FAIL $1"
	[ -z "${2-}" ] || sed 's/^/    /' "$2"
	checks_failed=$((checks_failed + 1))
}

skipped() {
	echo "SKIP $1: $2"
	checks_skipped=$((checks_skipped + 1))
}

# check NAME COMMAND...: the command succeeds. Its output is printed only if it fails.
check() {
	_name=$1
	shift
	_log=$(mktemp)
	if "$@" >"$_log" 2>&1; then
		passed "$_name"
	else
		failed "$_name" "$_log"
	fi
	rm -f "$_log"
}

checks_end() {
	echo "$checks_passed passed, $checks_failed failed, $checks_skipped skipped"
	[ "$checks_failed" -eq 0 ]
}
