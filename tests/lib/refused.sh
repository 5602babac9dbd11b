# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced, after scripts/lib/scratch-root.sh. Find kernels that the modules refuse.
#
# The newest kernel is the one that the package mirror has today. The modules may refuse it, because the
# project may not have tested it yet. The test then reports it as skipped, with the reason.

# try_kernel VERSION HEADERS VMLINUZ KMODULES LOG: check whether the tree at /srv/kernel in the scratch root
# accepts this kernel. Returns the status of compat/verify/prepare, and writes its messages to LOG.
try_kernel() {
	inside env KVER="$1" KDIR="$2" KIMAGE="$3" KMODULES="$4" /srv/kernel/compat/verify/prepare try 2>"$5" >"$5.build"
}

# is_refused LABEL VERSION HEADERS VMLINUZ LOG: succeed if this is the newest kernel and the modules refuse it. Sets
# REFUSED to the reason. The modules must accept any other kernel, so its build is the test.
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
