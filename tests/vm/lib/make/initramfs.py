# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs files that boot an image: of the firmware stage, and of the kernel under test."""

import lzma
import re
import subprocess
from pathlib import Path
from typing import Iterable

from ..describe.scenario import Scenario
from ..places import GUEST
from .commands import run
from .cpio import Archive
from .kernels import Target

FIRMWARE_TOOLS = ("/usr/bin/cxl", "/usr/sbin/kexec")
FIRMWARE_MODULES = ("cxl_acpi", "cxl_pci", "cxl_mem")
PMEM_MODULES = ("cxl_pmem", "nd_pmem")
ROOT_MODULES = ("virtio_pci", "virtio_blk", "ext4")


class Initramfs:
    """Makes initramfs files of what is in a tree."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._modules: dict[tuple[str, str], list[str]] = {}

    def modules(self, kernel: str, names: Iterable[str]) -> list[Path]:
        """Paths of modules and all they need, in the order to load them."""
        order = []
        for name in names:
            key = (kernel, name)
            if key not in self._modules:
                shown = run("chroot", self.tree, "modprobe", "-S", kernel, "--show-depends", name)
                self._modules[key] = [line.split()[1] for line in shown.splitlines()
                                      if line.startswith("insmod ")]
            order += [path for path in self._modules[key] if path not in order]
        return [self.tree / path.lstrip("/") for path in order]

    def add_modules(self, archive: Archive, kernel: str, names: Iterable[str], directory: str = "modules",
                    without: tuple[str, ...] = ()) -> None:
        """Put modules, unpacked, and their load order into an initramfs.

        without: prefixes of modules to leave out, for an initramfs that lacks them
        (they are soft dependencies, or it would not load).
        """
        order = []
        for path in self.modules(kernel, names):
            if path.name.startswith(without):
                continue
            data = path.read_bytes()
            if path.suffix == ".xz":
                data = lzma.decompress(data)
            elif path.suffix == ".zst":
                data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
            name = path.name.partition(".ko")[0] + ".ko"
            archive.file(f"{directory}/{name}", data)
            order.append(name)
        archive.file(f"{directory}/order", "".join(f"{name}\n" for name in order))

    def base_archive(self, init: str) -> Archive:
        """An initramfs with a shell and the given init script."""
        archive = Archive()
        for name in ("proc", "sys", "dev", "sysroot", "etc", "tmp"):
            archive.directory(name)
        archive.file("bin/busybox", (self.tree / "usr/bin/busybox").read_bytes(), 0o755)
        archive.symlink("bin/sh", "busybox")
        archive.file("init", (GUEST / init).read_bytes(), 0o755)
        return archive

    def firmware(self, kernel: str) -> bytes:
        """The firmware stage: cxl, kexec, their libraries and the CXL modules."""
        archive = self.base_archive("firmware-init")
        needed = run("chroot", self.tree, "ldd", *FIRMWARE_TOOLS)
        libraries = set(re.findall(r"(/\S+) \(0x", needed))
        for path in sorted(libraries) + list(FIRMWARE_TOOLS):
            archive.file(path, (self.tree / path.lstrip("/")).read_bytes(), 0o755)
        self.add_modules(archive, kernel, FIRMWARE_MODULES)
        self.add_modules(archive, kernel, PMEM_MODULES, "pmem")
        return archive.bytes()

    def kernel_under_test(self, scenario: Scenario, target: Target, files: Archive) -> bytes:
        """The initramfs of the kernel under test, with the scenario's modules and files."""
        archive = self.base_archive("root-init")
        self.add_modules(archive, target.version, ROOT_MODULES)
        early = Archive()
        if scenario.initrd_modules:
            # none of CXL's, unless asked for: they are soft dependencies
            asked = any(name.startswith("cxl_") for name in scenario.initrd_modules)
            self.add_modules(early, target.version, scenario.initrd_modules, "early", without=() if asked else ("cxl_",))
        return archive.bytes() + early.bytes() + files.bytes()
