# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A writable view of the guest root that leaves the root itself as it is. Sourced,
# after scripts/lib/host.sh. scratch_root sets SCRATCH to its path and TARGETS to the
# list of kernels in it (label, version, headers, vmlinuz); it is gone when the script
# ends.
#
# With GUEST_ROOT in the environment, that root is used as it is, with ../targets beside it;
# the scratch directory is then in TMPDIR, which must be on a file system with overlayfs.

scratch_root() {
	need_root
	if [ -n "${GUEST_ROOT-}" ]; then
		_guest=$GUEST_ROOT
		_beside=${TMPDIR:-/var/tmp}
	else
		_guest=$("$1/scripts/lib/guest-root") || exit
		_beside=${_guest%/root}
	fi
	# shellcheck disable=SC2034 # for who sources this
	TARGETS=${_guest%/root}/targets
	_scratch=$(mktemp -d "$_beside/scratch.XXXXXX") || exit
	trap scratch_root_close EXIT
	trap 'exit 130' INT TERM
	mkdir "$_scratch/upper" "$_scratch/work" "$_scratch/root"
	SCRATCH=$_scratch/root
	mount -t overlay overlay -o "lowerdir=$_guest,upperdir=$_scratch/upper,workdir=$_scratch/work" "$SCRATCH" ||
		host_fail 15 "cannot mount an overlay of the guest root: run it on a kernel with overlayfs"
	# objtool reads /proc, DKMS wants /dev/null
	mount --bind /proc "$SCRATCH/proc"
	mount --bind /dev "$SCRATCH/dev"
}

scratch_root_close() {
	umount -l "$SCRATCH/dev" "$SCRATCH/proc" "$SCRATCH" 2>/dev/null
	# One file system only: never through a mount that would not go
	rm -rf --one-file-system "$_scratch"
}

# inside COMMAND...: in the scratch root, where TMPDIR may not be
inside() {
	env -u TMPDIR chroot "$SCRATCH" "$@"
}

# inside_apt install PACKAGE..., inside_apt build-dep DIRECTORY: from the package mirror, by the
# machine's network and proxy
inside_apt() {
	if [ ! -e "$_scratch/updated" ]; then
		cp --remove-destination /etc/resolv.conf "$SCRATCH/etc/resolv.conf"
		apt-config dump --format '%F "%v";%n' | grep -E '^Acquire::https?::Proxy "' >"$SCRATCH/etc/apt/apt.conf.d/99proxy"
		inside apt-get -qq update >"$_scratch/apt.log" 2>&1 ||
			host_fail 14 "the package mirror cannot be reached: $(grep -m 1 '^[EW]:' "$_scratch/apt.log")"
		touch "$_scratch/updated"
	fi
	# INITRD=No: none is made because a package was installed
	DEBIAN_FRONTEND=noninteractive INITRD=No inside apt-get -qq -y --no-install-recommends "$@" \
		>"$_scratch/apt.log" 2>&1 </dev/null ||
		host_fail 15 "apt-get $*: $(grep -m 1 '^E:' "$_scratch/apt.log")"
}
