# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Functions that steps of scenarios share. runner sources this file before each step. A wait has no limit of its own:
# runner ends a step that takes too long.

# window_base NUMBER: print the first address of a CXL window, as 0x690000000
window_base() {
	sed -n "s/^ *\\([0-9a-f]*\\)-.* : CXL Window $1\$/0x\\1/p" /proc/iomem
}

# dax_at ADDRESS: print the DAX device whose memory begins at an address
dax_at() {
	for device in /sys/bus/dax/devices/dax*; do
		[ -e "$device/mapping0/start" ] || continue
		read -r start <"$device/mapping0/start"
		[ $((start)) != $(($1)) ] || echo "${device##*/}"
	done
}

# hmem_at ADDRESS: print dax_hmem's platform device whose memory begins at an address
hmem_at() {
	for device in /sys/bus/platform/drivers/hmem/hmem.*; do
		[ "$(cat "$device"/dax*/mapping0/start)" != "$1" ] || echo "${device##*/}"
	done
}

# bind_kmem DAX-DEVICE, unbind_kmem DAX-DEVICE: attach kmem, detach it
bind_kmem() {
	echo "$1" >/sys/bus/dax/drivers/kmem/bind
}

unbind_kmem() {
	echo "$1" >/sys/bus/dax/drivers/kmem/unbind
}

# unbind_kmem_all: detach kmem from all DAX devices
unbind_kmem_all() {
	for device in /sys/bus/dax/drivers/kmem/dax*; do unbind_kmem "${device##*/}"; done
}

# bind_hmem_platform, unbind_hmem_platform: attach dax_hmem to the device that all its ranges come from, detach it
bind_hmem_platform() {
	echo hmem_platform.0 >/sys/bus/platform/drivers/hmem_platform/bind
}

unbind_hmem_platform() {
	echo hmem_platform.0 >/sys/bus/platform/drivers/hmem_platform/unbind
}

# rebind_hmem_platform: detach dax_hmem, attach it again: all ranges are decided again
rebind_hmem_platform() {
	unbind_hmem_platform
	bind_hmem_platform
}

# online_blocks: print how many memory blocks are online
online_blocks() {
	grep -lx online /sys/devices/system/memory/memory*/state | wc -l
}

# records MATCH...: print the messages of dax-ownerd's records in this boot
records() {
	journalctl -b -q -t dax-ownerd -o cat "$@"
}

# until_records COUNT MATCH...: wait until dax-ownerd has written COUNT records that match, and print them
until_records() {
	count=$1
	shift
	records -f -n all "$@" | {
		head -n "$count"
		pkill -x journalctl
	}
}

# until_exists FILE: wait until it is there
until_exists() {
	until [ -e "$1" ]; do sleep 0.1; done
}

# until_in PATTERN FILE: wait until a file has a line that matches
until_in() {
	until grep -q "$1" "$2"; do sleep 0.1; done
}

# until_committed COUNT: wait until that many regions are committed
until_committed() {
	until [ "$(cat /sys/bus/cxl/devices/region*/commit 2>/dev/null | grep -cx 1)" = "$1" ]; do sleep 0.2; done
}

# until_state STATE: wait until an extent has that state
until_state() {
	until grep -qx "$1" /sys/class/dax_owner/extent*/state; do sleep 0.2; done
}

# until_settled: wait until ownership is settled
until_settled() {
	until grep -qx 1 /sys/class/dax_owner/settled; do sleep 0.2; done
}

# until_settled_unstranded BEFORE: wait until ownership is settled; fail if memory is stranded meanwhile or at the end. Print
# each change. BEFORE is how many memory blocks were online at the start; set after to how many are at the end.
until_settled_unstranded() {
	failed=0 last=
	while read -r settled </sys/class/dax_owner/settled && [ "$settled" = 0 ]; do
		read -r stranded </sys/class/dax_owner/stranded_bytes
		now="settled $settled stranded $stranded blocks online $(($(online_blocks) - $1))"
		[ "$now" = "$last" ] || echo "$(cut -d ' ' -f 1 /proc/uptime) $now"
		last=$now
		[ "$stranded" = 0 ] || failed=1
		sleep 0.2
	done
	after=$(online_blocks)
	read -r stranded </sys/class/dax_owner/stranded_bytes
	[ "$stranded" = 0 ] || failed=1
	echo "$(cut -d ' ' -f 1 /proc/uptime) settled, stranded $stranded, blocks online $((after - $1))"
	return $failed
}

# watch_uevents FILE [OPTION]...: write dax_owner's uevents to a file from now on; set monitor to the process, to kill
watch_uevents() {
	uevents=$1
	shift
	udevadm monitor --kernel "$@" --subsystem-match=dax_owner >"$uevents" &
	# shellcheck disable=SC2034 # for the step
	monitor=$!
	until_in KERNEL "$uevents"
}

# replay_report: make a report; fail unless another user gets from it what the commands print here
replay_report() {
	dax-owner report --unmasked --output=/run/replay.tar.gz && chown nobody /run/replay.tar.gz || return
	for command in list map explain check; do
		dax-owner "$command" >/run/replay.machine
		setpriv --reuid nobody --clear-groups dax-owner --from=/run/replay.tar.gz "$command" >/run/replay.copy
		diff /run/replay.machine /run/replay.copy || return
	done
}
