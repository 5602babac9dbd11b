# SPDX-License-Identifier: GPL-2.0-only
"""A Debian machine whose disk is kept from one boot to the next: what is installed on it, and with which kernel and
initramfs of its own it is booted. To lib/run/qemu.py it is an image like those of lib/make/image.py."""

import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from ..describe.scenario import Scenario
from ..places import TOP
from .boot import LIB
from .commands import ImageError, discard, run
from .cpio import Archive
from .image import Image
from .kernels import Target

FILES = TOP / "tests/vm/server"
# Sparse; a second kernel with its headers, and packages before they are installed, have room.
SIZE = "8G"
# Where a machine has no network: what APT is to install is in its cache.
ENVIRONMENT = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
               "DEBIAN_FRONTEND=noninteractive")


def _by_number(path: Path) -> list[int | str]:
    """A key that puts 6.12.107 after 6.12.95."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]


class Server:
    """A machine. disk is a file; image an Image, whose firmware stage starts it."""

    def __init__(self, disk: Path, image: Image, labels: dict[str, str]) -> None:
        """labels: label -> a pattern of that kernel's versions."""
        self.disk, self.image, self.labels = disk, image, labels
        self.kernels: dict[str, Target] = {}
        self.firmware_kernel, self.firmware = image.firmware_kernel, image.firmware

    # Its own initramfs, all of it, is before the first sign of life
    start_patience = 4

    def again(self) -> None:
        """Back to what it was before it was turned on."""
        run("cp", "--sparse=always", self.before, self.disk)

    @property
    def before(self) -> Path:
        """Its disk as it was before it was turned on."""
        return self.disk.with_suffix(".before")

    @property
    def drive(self) -> str:
        """Options of QEMU's -drive: what is written stays."""
        return f"file={self.disk},format=raw,cache=unsafe"

    def make(self, root: Path) -> None:
        """A disk with a copy of a root on it."""
        with open(self.disk, "wb") as disk:
            disk.truncate(0)
        run("mke2fs", "-q", "-t", "ext4", "-d", root, self.disk, SIZE)
        with self.mounted() as top:
            for name in ("fstab", "hostname", "machine-id"):
                (top / "etc" / name).unlink(missing_ok=True)
            # apt's settings of the build do not belong on a server
            (top / "etc/apt/apt.conf.d/99mmdebstrap").unlink(missing_ok=True)
            (top / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n", encoding="utf-8")
            (top / "etc/hostname").write_text("dax-owner-test\n", encoding="utf-8")
            (top / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")

    def copy(self, disk: Path) -> "Server":
        """The same machine once more, to go another way."""
        run("cp", "--sparse=always", self.disk, disk)
        return Server(disk, self.image, self.labels)

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Its root, while it is turned off."""
        top = self.disk.with_suffix(".root")
        discard(top)
        top.mkdir()
        # whatever it had not written when it was turned off: mended is fine
        checked = subprocess.run(["e2fsck", "-p", self.disk], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if checked.returncode > 1:
            raise ImageError(f"the disk is damaged: {checked.stdout}")
        run("mount", "-o", "loop", self.disk, top)
        try:
            yield top
        finally:
            run("umount", top)
            top.rmdir()

    def inside(self, script: str, files: Path | None, log: Path | None) -> str:
        """Run a shell script on it, as root, while it is turned off, with the network of the machine the tests are on.

        files: a directory, what is in it is put into /srv before; or None. Returns what it printed.
        """
        with self.mounted() as top:
            if files:
                shutil.copytree(files, top / "srv", dirs_exist_ok=True)
            run("cp", "--remove-destination", "/etc/resolv.conf", top / "etc/resolv.conf")
            proxy = run("sh", "-c", "apt-config dump --format '%F \"%v\";%n' | grep -E '^Acquire::https?::Proxy \"' || :")
            (top / "etc/apt/apt.conf.d/99proxy").write_text(proxy, encoding="utf-8")
            # the mounts go with the namespace, whatever ends it
            mounts = " && ".join(f"mount --bind /{name} '{top}/{name}'" for name in ("proc", "sys", "dev"))
            return run("unshare", "--mount", "env", "-i", *ENVIRONMENT, "sh", "-c",
                       f"{mounts} && exec chroot '{top}' sh -ec \"$1\"", "sh", script, log=log)

    def add_kernel(self, target: Target, log: Path) -> None:
        """Install a kernel of tests/kernels, as no package does."""
        with self.mounted() as top:
            shutil.copytree(target.headers.parent / "modules" / target.version, top / "lib/modules" / target.version, symlinks=True)
            shutil.copy(target.vmlinuz, top / f"boot/vmlinuz-{target.version}")
        self.inside(f"update-initramfs -c -k {target.version}", None, log)

    def prepare(self, label: str, work: Path) -> None:
        """Find the kernel to boot next, of several the newest, as boot loaders do: its file is taken from the disk to
        the work directory."""
        with self.mounted() as top:
            found = sorted((top / "boot").glob(f"vmlinuz-{self.labels[label]}"), key=_by_number)
            if not found:
                raise ImageError(f"no kernel {self.labels[label]} is installed")
            version = found[-1].name.removeprefix("vmlinuz-")
            vmlinuz = Path(shutil.copy(found[-1], work / "vmlinuz"))
            self.kernels = {label: Target(label, version, Path(), vmlinuz)}   # nothing is built for it

    def initrd(self, _: Scenario, target: Target, files: Archive) -> bytes:
        """The initramfs to boot with is the machine's own; a scenario's files are laid over its disk."""
        with self.mounted() as top:
            for name in ("nosettle", "steps"):
                shutil.rmtree(top / LIB / name, ignore_errors=True)
            unit = "etc/systemd/system/dax-owner-test-before.service"
            files.file(f"overlay/{unit}", (FILES / "dax-owner-test-before.service").read_text(encoding="utf-8"))
            files.symlink("overlay/etc/systemd/system/sysinit.target.wants/dax-owner-test-before.service", f"/{unit}")
            files.unpack(top, "overlay/")
            data = (top / "boot" / f"initrd.img-{target.version}").read_bytes()
        run("cp", "--sparse=always", self.disk, self.before)
        return data

    def discard(self) -> None:
        """It is not needed any more."""
        for path in (self.disk, self.before):
            path.unlink(missing_ok=True)
