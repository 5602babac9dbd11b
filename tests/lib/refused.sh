# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Kernels the modules are not for. Sourced, after scripts/lib/scratch-root.sh.
#
# The newest kernel is the one that the package mirror has today. The modules may refuse it before the
# project has seen it. That is no failure of a test: the test reports it as skipped, with the reason.

# try_kernel VERSION HEADERS VMLINUZ KMODULES LOG: does the tree at /srv/kernel in the scratch root take this
# kernel? Returns the status of compat/verify/prepare, whose messages are in LOG.
try_kernel() {
	inside env KVER="$1" KDIR="$2" KIMAGE="$3" KMODULES="$4" /srv/kernel/compat/verify/prepare try 2>"$5" >"$5.build"
}

# is_refused LABEL VERSION HEADERS VMLINUZ LOG: does the project refuse this kernel, and is it the newest? Sets REFUSED
# to the reason. Every other kernel has to be taken, and is found out about by building.
is_refused() {
	REFUSED=
	[ "$1" = newest ] || return 1
	_modules=/lib/modules/$2
	[ -d "$SCRATCH$_modules/kernel/drivers/dax" ] || _modules=none
	try_kernel "$2" "$3" "$4" "$_modules" "$5"
	[ $? -eq 77 ] || return 1
	# shellcheck disable=SC2034 # for scripts that source this file
	REFUSED=$(sed -n 's/^dax-owner: //p' "$5" | tail -n 1)
}
