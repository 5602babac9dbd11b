# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What postinst and postrm share: debian/rules puts it in place of #INITRAMFS#.

# list IMAGE prints the files of an initramfs; again KERNEL builds one again. dracut's hook builds only
# the newest kernel's if it runs for a trigger.
if command -v lsinitramfs >/dev/null && command -v update-initramfs >/dev/null; then
	list() { lsinitramfs "$1"; }
	again() { update-initramfs -u -k "$1"; }
elif command -v lsinitrd >/dev/null && [ -x /etc/kernel/postinst.d/dracut ]; then
	list() { lsinitrd "$1"; }
	again() { env -u DEB_MAINT_PARAMS /etc/kernel/postinst.d/dracut "$1"; }
else
	list() { :; }
	again() { :; }
fi

# images PATTERN: build each initramfs again that has a file of that pattern
images() {
	for image in /boot/initrd.img-*; do
		kernel=${image#/boot/initrd.img-}
		if [ ! -e "$image" ] || [ ! -d "/lib/modules/$kernel" ]; then continue; fi
		! list "$image" 2>/dev/null | grep -qE "$1" || again "$kernel"
	done
}
