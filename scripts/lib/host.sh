# SPDX-License-Identifier: GPL-2.0-only
#
# What scripts/demo, scripts/test and scripts/lib/guest-root need of the machine they run
# on. Sourced. Every check that fails prints one line, what is wrong and what to do, and
# ends the script with a status of its own:
#
#   10 not root   11 CPU architecture   12 disk space   13 distribution
#   14 package mirror   15 a package cannot be installed

HOST_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/dax-owner

# host_fail STATUS MESSAGE
host_fail() {
	printf '%s: %s\n' "${0##*/}" "$2" >&2
	exit "$1"
}

# host_step MESSAGE: progress, on stderr, so that stdout stays an answer.
host_step() {
	printf '[%5s s] %s\n' "$(($(date +%s) - ${HOST_STARTED:=$(date +%s)}))" "$*" >&2
}

need_root() {
	[ "$(id -u)" = 0 ] || host_fail 10 "not root: run it again with sudo"
}

need_arch() {
	[ "$(uname -m)" = x86_64 ] ||
		host_fail 11 "CPU architecture $(uname -m) is not supported: run it on an x86-64 (amd64) machine"
}

# need_space DIRECTORY MIB: the directory may not exist yet.
need_space() {
	_dir=$1
	while [ ! -d "$_dir" ]; do _dir=$(dirname "$_dir"); done
	_free=$(df -Pm "$_dir" | awk 'NR == 2 { print $4 }')
	[ "$_free" -ge "$2" ] ||
		host_fail 12 "$_dir has $_free MiB free, $2 are needed: free some, or set XDG_CACHE_HOME to a directory with more"
}

# need_distribution: sets HOST_CODENAME.
need_distribution() {
	# shellcheck source=/dev/null
	HOST_CODENAME=$(. /etc/os-release && echo "$ID-${VERSION_CODENAME:-}")
	case $HOST_CODENAME in
	debian-bookworm | debian-trixie) HOST_CODENAME=${HOST_CODENAME#debian-} ;;
	*) host_fail 13 "this is ${HOST_CODENAME%-}: run it on Debian 12 (bookworm) or 13 (trixie)" ;;
	esac
}

_mirror() {
	apt-get indextargets --format '$(LABEL)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)' 2>/dev/null |
		awk -F '|' -v name="$HOST_CODENAME" '$1 == "Debian" && $2 == name && $3 == "main" { print $4; exit }'
}

# need_mirror: sets HOST_MIRROR, the Debian archive the machine itself is configured for.
need_mirror() {
	[ -n "${HOST_MIRROR:-}" ] && return
	need_distribution
	HOST_MIRROR=$(_mirror)
	if [ -z "$HOST_MIRROR" ]; then
		apt-get -qq update >/dev/null 2>&1
		HOST_MIRROR=$(_mirror)
	fi
	[ -n "$HOST_MIRROR" ] ||
		host_fail 14 "apt knows no package mirror of Debian $HOST_CODENAME: configure one in /etc/apt and let apt-get update succeed"
	HOST_MIRROR=${HOST_MIRROR%/}
	HOST_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$HOST_KEYRING" ] || host_fail 14 "$HOST_KEYRING is missing: apt-get install debian-archive-keyring"
}

# need_suites SUITE...: the mirror answers and has them. Fetches nothing but Release files.
need_suites() {
	need_mirror
	_apt=$(mktemp -d)
	mkdir -p "$_apt/lists/partial"
	for _suite; do
		echo "deb [signed-by=$HOST_KEYRING] $HOST_MIRROR $_suite main" >"$_apt/sources.list"
		apt-get -qq -o "Dir::Etc::SourceList=$_apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
			-o "Dir::State::Lists=$_apt/lists" -o Acquire::IndexTargets::deb::Packages::DefaultEnabled=false \
			-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::Languages=none \
			-o APT::Update::Error-Mode=any update >"$_apt/log" 2>&1 && continue
		rm -rf "$_apt"
		host_fail 14 "no $_suite from the package mirror $HOST_MIRROR: check the network, or name a mirror that has it in /etc/apt"
	done
	rm -rf "$_apt"
}

_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] || return 1
	# Older QEMU has no volatile CXL memory.
	case $1 in
	qemu-system-x86) dpkg --compare-versions "$(dpkg-query -W -f '${Version}' "$1")" ge 1:9 ;;
	esac
}

# need_packages NAME...: installs those that are missing. On Debian 12, QEMU comes from
# backports, through a source list of our own; the machine's lists stay as they are.
need_packages() {
	_missing=
	for _name; do
		_installed "$_name" || _missing="$_missing $_name"
	done
	[ -n "$_missing" ] || return 0
	need_root
	need_mirror
	host_step "installing$_missing"
	_apt=$(mktemp -d)
	mkdir -p "$_apt/lists/partial"
	{
		echo "deb [signed-by=$HOST_KEYRING] $HOST_MIRROR $HOST_CODENAME main"
		echo "deb [signed-by=$HOST_KEYRING] $HOST_MIRROR $HOST_CODENAME-updates main"
		[ "$HOST_CODENAME" != bookworm ] ||
			echo "deb [signed-by=$HOST_KEYRING] $HOST_MIRROR bookworm-backports main"
	} >"$_apt/sources.list"
	set -- -o "Dir::Etc::SourceList=$_apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o "Dir::State::Lists=$_apt/lists"
	if ! apt-get -qq "$@" update >"$_apt/log" 2>&1 || grep -q '^[EW]: Failed to fetch' "$_apt/log"; then
		rm -rf "$_apt"
		host_fail 14 "the package mirror $HOST_MIRROR cannot be reached: check the network, or name another one in /etc/apt"
	fi
	_plain= _backports=
	for _name in $_missing; do
		case $HOST_CODENAME:$_name in
		bookworm:qemu-*) _backports="$_backports $_name" ;;
		*) _plain="$_plain $_name" ;;
		esac
	done
	# shellcheck disable=SC2086
	if ! { [ -z "$_plain" ] ||
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" install $_plain; } >>"$_apt/log" 2>&1 ||
		! { [ -z "$_backports" ] ||
			DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" -t bookworm-backports \
				install $_backports; } >>"$_apt/log" 2>&1; then
		mkdir -p "$HOST_CACHE"
		mv "$_apt/log" "$HOST_CACHE/apt.log"
		rm -rf "$_apt"
		host_fail 15 "cannot install$_missing: $HOST_CACHE/apt.log says why; install them by hand"
	fi
	rm -rf "$_apt"
}

# need_emulator: what tests/vm runs on the host.
need_emulator() {
	need_packages qemu-system-x86 python3 python3-jsonschema mmdebstrap e2fsprogs util-linux zstd debian-archive-keyring
}
