# SPDX-License-Identifier: GPL-2.0-only
"""Builds and installs the project in a copy of the guest root: modules, daemon, test modules."""

import re
import shutil
from pathlib import Path
from typing import Callable, Iterable

from ..judge.refused import is_tested, reason
from ..places import KMOD, TOP
from .cache import BUILT
from .commands import ImageError, run
from .kernels import Target

# What the daemon is built from
USERSPACE = ("meson.build", "meson_options.txt", "completions", "daemon", "docs", "kernel", "udev-rules", "units")


def dkms_install(merged: Path, booted: Iterable[Target], log: Path) -> dict[str, str]:
    """Install the project's modules as docs/install.md describes. Returns label -> why, of kernels that they refuse."""
    conf = (TOP / "kernel/dkms.conf").read_text(encoding="utf-8")
    match = re.search(r'^PACKAGE_VERSION="?([^"\n]+)"?', conf, re.M)
    if not match:
        raise ImageError("kernel/dkms.conf names no PACKAGE_VERSION")
    module = f"dax-owner/{match[1]}"
    shutil.copytree(TOP / "kernel", merged / f"usr/src/dax-owner-{match[1]}", symlinks=True,
                    ignore=shutil.ignore_patterns(*BUILT))
    run("chroot", merged, "dkms", "add", module, log=log)
    refused = {}
    for target in booted:
        kernel = target.version
        try:
            run("chroot", merged, "dkms", "build", module, "-k", kernel, log=log)
        except ImageError as error:
            if why := reason(target.label, error.status, error.output):
                refused[target.label] = why
                continue
            made = merged / f"var/lib/dkms/{module}/build/make.log"
            tail = made.read_text(errors="replace").splitlines()[-40:] if made.exists() else []
            raise ImageError("\n".join([str(error), *tail])) from error
        run("chroot", merged, "dkms", "install", module, "-k", kernel, log=log)
        run("chroot", merged, "depmod", kernel, log=log)
    return refused


def meson_install(merged: Path, log: Path) -> None:
    """Build the daemon and install it as a packager would; it is not enabled."""
    source = merged / "usr/src/dax-owner"
    source.mkdir()
    for name in USERSPACE:
        path = TOP / name
        if path.is_dir():
            shutil.copytree(path, source / name, symlinks=True, ignore=shutil.ignore_patterns(*BUILT))
        else:
            shutil.copy(path, source)
    run("chroot", merged, "meson", "setup", "--prefix=/usr", "--buildtype=release", "-Dtests=false",
         "-Dbtfcheck=disabled", "/srv/build", "/usr/src/dax-owner", log=log)
    run("chroot", merged, "meson", "install", "-C", "/srv/build", log=log)
    shutil.rmtree(merged / "srv/build")
    run("chroot", merged, "systemd-sysusers", log=log)
    run("chroot", merged, "journalctl", "--update-catalog", log=log)


def add_debug_kernel(merged: Path, target: Target) -> None:
    """Put a debug kernel where installed kernels are, its tree where modules are built for it."""
    place = f"usr/src/debug-kernel-{target.label}"
    (merged / place).mkdir(parents=True)
    run("mount", "--bind", target.headers, merged / place)
    shutil.copytree(target.headers.parent / "modules" / target.version, merged / "usr/lib/modules" / target.version,
                    symlinks=True)
    shutil.copy(target.vmlinuz, merged / f"boot/vmlinuz-{target.version}")


def make_install(merged: Path, target: Target, keep: Path, log: Path) -> str | None:
    """Build the project's modules with the coverage notes kept: DKMS would clean them away. Returns why, if they refuse
    the kernel."""
    work = merged / f"usr/src/dax-owner-{target.label}"
    shutil.copytree(TOP / "kernel", work, symlinks=True, ignore=shutil.ignore_patterns(*BUILT))
    try:
        run("chroot", merged, f"/usr/src/dax-owner-{target.label}/compat/verify/prepare", "try", target.version, log=log)
    except ImageError as error:
        if why := reason(target.label, error.status, error.output):
            return why
        raise
    run("chroot", merged, "make", "-C", f"/usr/src/dax-owner-{target.label}", f"KVER={target.version}", log=log)
    place = merged / "usr/lib/modules" / target.version / "updates"
    place.mkdir(parents=True)
    for path in work.glob("*.ko"):
        shutil.copy(path, place)
    run("chroot", merged, "depmod", target.version, log=log)
    shutil.copytree(work, keep)
    return None


def add_test_modules(merged: Path, targets: Iterable[Target], progress: Callable[[str], None], log: Path) -> None:
    """Build tests/vm/kmod for each kernel and put it where modprobe finds it. An untested kernel may lack what they need."""
    for target in targets:
        work = merged / "srv/kmod"
        shutil.copytree(KMOD, work)
        try:
            run("chroot", merged, "make", "-C", f"/lib/modules/{target.version}/build", "M=/srv/kmod", "modules", log=log)
        except ImageError:
            if is_tested(target.version):
                raise
            progress(f"SKIPPED the modules of tests/vm/kmod on the untested kernel {target.version}: not built, see {log}")
        place = merged / "usr/lib/modules" / target.version / "updates/tests"
        place.mkdir(parents=True)
        for path in work.glob("*.ko"):
            shutil.copy(path, place)
        shutil.rmtree(work)
