# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# A writable view of the guest root that leaves the root itself as it is. Sourced,
# after scripts/lib/host.sh. scratch_root sets SCRATCH to its path and TARGETS to the
# list of kernels in it (label, version, headers, vmlinuz); it is gone when the script
# ends.

scratch_root() {
	need_root
	_guest=$("$1/scripts/lib/guest-root") || exit
	# shellcheck disable=SC2034 # for who sources this
	TARGETS=${_guest%/root}/targets
	_scratch=$(mktemp -d "${_guest%/root}/scratch.XXXXXX") || exit
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

# inside COMMAND...: in the scratch root
inside() {
	chroot "$SCRATCH" "$@"
}
