# SPDX-License-Identifier: GPL-2.0-only
"""Copies a guest root without what a booted guest does not need, so that boots are short."""

import subprocess
from pathlib import Path
from typing import Iterable

from .commands import ImageError, run

# What the booted guest never reads: compilers, sources, documentation.
TRIM = ("./boot", "./dev/*", "./proc/*", "./sys/*", "./run/*", "./tmp/*", "./usr/src", "./usr/include",
        "./usr/lib/gcc", "./usr/libexec/gcc", "./usr/lib/linux-kbuild-*", "./usr/share/doc",
        "./usr/share/man", "./usr/share/locale", "./usr/share/i18n", "./usr/share/perl",
        "./usr/lib/x86_64-linux-gnu/perl*", "./usr/lib/x86_64-linux-gnu/*.a", "./usr/share/info",
        "./usr/lib/python3*", "./var/cache", "./var/lib/apt", "./var/lib/dkms", "./usr/bin/*gcc*", "./usr/bin/*cpp*")

# Modules the emulated server can have a use for. Coldplug under software emulation is
# slow enough without a driver for every other piece of its chipset.
MODULES = ("drivers/acpi", "drivers/block/virtio_blk", "drivers/cxl", "drivers/dax", "drivers/net/veth",
           "drivers/nvdimm", "drivers/virtio", "drivers/perf", "fs/ext4", "fs/jbd2", "fs/mbcache", "fs/fuse",
           "crypto", "lib", "mm", "virt/lib")

# Units of no use to a scenario that would lengthen every boot; systemd, udev, journald,
# tmpfiles and modules-load stay as they are.
MASK = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
        "e2scrub_reap.service", "fstrim.timer", "systemd-tmpfiles-clean.timer", "getty.target",
        "systemd-random-seed.service", "systemd-pcrphase.service", "systemd-update-utmp.service",
        "systemd-update-utmp-runlevel.service", "kexec.service", "kexec-load.service",
        "systemd-hwdb-update.service", "systemd-journal-catalog-update.service",
        "systemd-binfmt.service", "proc-sys-fs-binfmt_misc.automount", "systemd-logind.service",
        "systemd-user-sessions.service", "ldconfig.service", "systemd-tpm2-setup.service",
        "systemd-tpm2-setup-early.service", "systemd-pstore.service", "systemd-machine-id-commit.service",
        "modprobe@configfs.service", "modprobe@drm.service", "modprobe@efi_pstore.service",
        "modprobe@fuse.service", "modprobe@dm_mod.service", "modprobe@loop.service",
        "dev-hugepages.mount", "dev-mqueue.mount", "run-lock.mount", "sys-fs-fuse-connections.mount",
        "sys-kernel-config.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "tmp.mount",
        "systemd-udev-load-credentials.service", "systemd-journal-flush.service",
        "systemd-remount-fs.service", "systemd-sysctl.service", "systemd-sysusers.service",
        "systemd-ask-password-console.path", "systemd-ask-password-wall.path", "systemd-initctl.socket",
        "systemd-creds.socket", "systemd-pcrextend.socket", "systemd-pcrlock.socket",
        "systemd-sysext.socket", "systemd-hostnamed.socket", "systemd-importd.socket",
        "systemd-mute-console.socket", "dbus.socket", "dbus.service", "procps.service",
        "hwclock.service", "keyboard-setup.service", "console-setup.service")


def _trim_modules(tree: Path, kernel: str) -> None:
    """Leave the modules of MODULES and everything outside the kernel's own tree."""
    top = tree / "usr/lib/modules" / kernel
    for path in sorted((top / "kernel").rglob("*.ko*")):
        inside = str(path.relative_to(top / "kernel"))
        if not inside.startswith(MODULES):
            path.unlink()
    run("chroot", tree, "depmod", kernel)


def trim(source: Path, tree: Path, kernels: Iterable[str], other_kernels: Iterable[str]) -> None:
    """Copy source to tree: with the modules of kernels that the server has a use for, without other kernels."""
    tree.mkdir(parents=True)
    excludes = [f"--exclude={name}" for name in TRIM]
    excludes += [f"--exclude=./usr/lib/modules/{kernel}" for kernel in other_kernels]
    pack = subprocess.Popen(["tar", "-C", str(source), "--one-file-system", *excludes, "-cf", "-", "."],
                            stdout=subprocess.PIPE)
    unpack = subprocess.run(["tar", "-C", str(tree), "-xpf", "-"], stdin=pack.stdout, check=False)
    if pack.wait() or unpack.returncode:
        raise ImageError(f"could not copy the guest root to {tree}")
    for name in ("dev", "proc", "sys", "run", "tmp"):
        (tree / name).mkdir(exist_ok=True)
    for kernel in kernels:
        _trim_modules(tree, kernel)
    units = tree / "etc/systemd/system"
    for unit in MASK:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    default = units / "default.target"
    default.unlink(missing_ok=True)
    default.symlink_to("/usr/lib/systemd/system/multi-user.target")
    generators = tree / "etc/systemd/system-generators"
    generators.mkdir(exist_ok=True)
    for generator in (tree / "usr/lib/systemd/system-generators").iterdir():
        (generators / generator.name).symlink_to("/dev/null")
    (tree / "etc/fstab").write_text("# the initramfs mounts the root\n", encoding="utf-8")
    (tree / "etc/hostname").write_text("dax-owner-test\n", encoding="utf-8")
    (tree / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")
