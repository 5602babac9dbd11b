#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Module of dracut: the modules that decide, claim and find CXL memory are in the initramfs as a
# whole or not at all. initramfs/initramfs-tools/hook says why, and which of them do not count.

# called by dracut
check() {
	return 0
}

# The variables are local to a function each, as dracut reads this file into its own shell.

# copied NAME: it is in the initramfs; prints where
dax_owner_copied() {
	# shellcheck disable=SC2154 # dracut's
	find "$initdir/lib/modules/$kernel/" "$initdir/usr/lib/modules/$kernel/" -name "$1.ko*" 2>/dev/null | grep .
}

# What is named on the command line or in dracut.conf is copied after all modules of dracut
dax_owner_asked_for() {
	local word
	# shellcheck disable=SC2154
	for word in $drivers $add_drivers $force_drivers; do
		[[ ${word//-/_} != "$1" ]] || return 0
	done
	return 1
}

dax_owner_carry_none() {
	local name word kept list
	for name in "$@"; do
		dax_owner_copied "$name" | xargs -r rm -f
		for list in drivers add_drivers force_drivers; do
			kept=
			for word in ${!list}; do
				[[ ${word//-/_} == "$name" ]] || kept+=" $word"
			done
			printf -v "$list" '%s' "$kept"
		done
	done
}

# With hostonly=no dracut leaves out the configuration of /etc. What is in /run is of this boot alone.
dax_owner_carry_configuration() {
	local file
	for file in {/etc,/usr/local/lib}/modprobe.d/*.conf; do
		! grep -qsE '(dax|cxl)[-_]' "$file" || inst_simple "$file"
	done
}

# called by dracut, after the modules of dracut with lower numbers
installkernel() {
	local deciding=(dax_owner dax_hmem dax_cxl) finding=(cxl_acpi cxl_pci) libraries=(cxl_mem cxl_port cxl_core)
	local name found=

	for name in "${deciding[@]}" "${finding[@]}"; do
		if dax_owner_copied "$name" >/dev/null || dax_owner_asked_for "$name"; then
			found=$name
		fi
	done
	[[ $found ]] || return 0

	# DKMS may build them later than this is run
	if ! modinfo -k "$kernel" dax_owner >/dev/null 2>&1; then
		dwarn "dax-owner: kernel $kernel has no dax_owner (yet): the root file system loads its dax_hmem and dax_cxl"
		dax_owner_carry_none "${deciding[@]}" "${finding[@]}"
		return 0
	fi
	hostonly='' instmods "${deciding[@]}" "${finding[@]}" "${libraries[@]}"
	for name in "${deciding[@]}"; do
		dax_owner_copied "$name" >/dev/null && continue
		dwarn "dax-owner: cannot copy $name: none of ${deciding[*]} is copied"
		dax_owner_carry_none "${deciding[@]}" "${finding[@]}"
		return 0
	done
	dax_owner_carry_configuration
	return 0
}
