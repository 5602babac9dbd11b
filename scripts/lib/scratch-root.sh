# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced, after scripts/lib/host.sh. Make a writable overlay of the guest root, which itself
# stays unchanged. scratch_root sets SCRATCH to the overlay's path and TARGETS to the list of
# kernels in it (label, version, headers, vmlinuz). The overlay is removed when the script
# ends.
#
# With GUEST_ROOT in the environment, the overlay is of that root, and the list of kernels is
# ../targets. The scratch directory is then in TMPDIR, whose file system must support overlayfs.

scratch_root() {
	need_root
	if [ -n "${GUEST_ROOT-}" ]; then
		_guest=$GUEST_ROOT
		_beside=${TMPDIR:-/var/tmp}
	else
		_guest=$("$1/scripts/lib/guest-root") || exit
		_beside=${_guest%/root}
	fi
	# shellcheck disable=SC2034 # for scripts that source this file
	TARGETS=${_guest%/root}/targets
	_scratch=$(mktemp -d "$_beside/scratch.XXXXXX") || exit
	trap scratch_root_close EXIT
	trap 'exit 130' INT TERM
	mkdir "$_scratch/upper" "$_scratch/work" "$_scratch/root"
	SCRATCH=$_scratch/root
	mount -t overlay overlay -o "lowerdir=$_guest,upperdir=$_scratch/upper,workdir=$_scratch/work" "$SCRATCH" ||
		host_fail 15 "cannot mount an overlay of the guest root: run it on a kernel with overlayfs"
	# objtool needs /proc, DKMS needs /dev/null
	mount --bind /proc "$SCRATCH/proc"
	mount --bind /dev "$SCRATCH/dev"
}

scratch_root_close() {
	umount -l "$SCRATCH/dev" "$SCRATCH/proc" "$SCRATCH" 2>/dev/null
	# Stay on one file system, because a mount may still be there
	rm -rf --one-file-system "$_scratch"
}

# inside COMMAND...: run a command in the scratch root, without TMPDIR, which may not exist there
inside() {
	env -u TMPDIR chroot "$SCRATCH" "$@"
}

# inside_apt install PACKAGE..., inside_apt build-dep DIRECTORY: install packages from the package mirror,
# through the machine's network and proxy
inside_apt() {
	if [ ! -e "$_scratch/updated" ]; then
		cp --remove-destination /etc/resolv.conf "$SCRATCH/etc/resolv.conf"
		apt-config dump --format '%F "%v";%n' | grep -E '^Acquire::https?::Proxy "' >"$SCRATCH/etc/apt/apt.conf.d/99proxy"
		inside apt-get -qq update >"$_scratch/apt.log" 2>&1 ||
			host_fail 14 "the package mirror cannot be reached: $(grep -m 1 '^[EW]:' "$_scratch/apt.log")"
		touch "$_scratch/updated"
	fi
	# INITRD=No: installing a package makes no initramfs
	DEBIAN_FRONTEND=noninteractive INITRD=No inside apt-get -qq -y --no-install-recommends "$@" \
		>"$_scratch/apt.log" 2>&1 </dev/null ||
		host_fail 15 "apt-get $*: $(grep -m 1 '^E:' "$_scratch/apt.log")"
}
