# SPDX-License-Identifier: GPL-2.0-only
"""What a boot needs of what it boots: the image of a scenario, or the disk of a server."""

from typing import Protocol

from ..describe.scenario import Scenario
from .cpio import Archive
from .kernels import Target


class Machine(Protocol):
    """A disk, its kernels, and the initramfs files to boot them with."""

    # label -> kernel, of those that can be booted
    kernels: dict[str, Target]
    firmware_kernel: Target
    # how many times longer its initramfs may take to begin
    start_patience: int

    @property
    def drive(self) -> str:
        """Options of QEMU's -drive."""

    def firmware(self, kernel: str) -> bytes:
        """The initramfs of the firmware stage."""

    def initrd(self, scenario: Scenario, target: Target, files: Archive) -> bytes:
        """The initramfs of the kernel under test, with the scenario's files."""

    def again(self) -> None:
        """Undo what a boot that failed to start has done to the disk."""
