# SPDX-License-Identifier: GPL-2.0-only
"""One run of QEMU: started, watched, ended. Knows nothing of what the guest is for."""

import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from ..describe import topology
from ..describe.scenario import Scenario
from ..make import boot
from ..make.machine import Machine


# Seconds until the initramfs of the kernel under test has begun, and how often to try
START_LIMIT, START_TRIES = 90, 3

# What QEMU dies of by a mistake of its own, and how often that is tried again
DEATHS, DEATHS_LIMIT = (-signal.SIGABRT, -signal.SIGSEGV), 5

# What the kernel says when a CPU gets no timer tick any more, and for how many seconds the guest then says nothing
LOST_TIMER, SILENCE = b"Possible timer handling issue on cpu", 60


class Hung(Exception):
    """The machine did not end in time; the message has the tail of its console."""


class Ended(NamedTuple):
    """A machine that turned itself off."""

    console: str
    result: str
    seconds: float
    deaths: int     # how often QEMU itself had died before

    @property
    def took(self) -> str:
        """What it took, in words."""
        return f"{self.seconds:.0f} s" + (f", QEMU died {self.deaths}x before" if self.deaths else "")


def tail(path: Path, lines: int = 30) -> str:
    """The last lines of a log, for a failure's report."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no console output)"
    return "\n".join("    | " + line for line in text.splitlines()[-lines:])


def _silence(work: Path) -> float:
    """Seconds since the guest last said something on one of its consoles."""
    written = [(work / name).stat().st_mtime for name in ("console.log", "result.log") if (work / name).exists()]
    return time.time() - max(written, default=time.time())


def _lost_timer(work: Path, silence: float) -> bool:
    """Does the kernel say that a CPU gets no timer tick, and has it said nothing since, for that many seconds?"""
    return _silence(work) > silence and LOST_TIMER in (work / "console.log").read_bytes()


def _watch(command: list[str], work: Path, limit: float, start_limit: float, silence: float, may_retry: bool) -> int | None:
    """Run QEMU to its end; returns its status, or None if a kernel did not even start.

    An emulated CPU on a busy host now and then gets no timer tick while a kernel starts:
    the firmware's, or after kexec the one under test. Before its initramfs has begun
    (root-init says so) no module of ours has run, and that is tried again; later, if the kernel itself says so and the guest is silent.
    """
    result = work / "result.log"
    result.unlink(missing_ok=True)
    start, started = time.monotonic(), False
    with open(work / "qemu.log", "wb") as log:
        machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while machine.poll() is None:
                spent = time.monotonic() - start
                started = started or result.exists() and b"@@kernel" in result.read_bytes()
                if may_retry and not started and spent > start_limit:
                    return None
                if may_retry and _lost_timer(work, silence):
                    return None
                if spent > limit:
                    raise Hung(f"no end after {limit} s; the console ended with\n{tail(work / 'console.log')}")
                time.sleep(0.1)
            return machine.returncode
        finally:
            if machine.poll() is None:
                machine.kill()
                machine.wait()


def _command(scenario: Scenario, image: Machine, vmlinuz: Path, initrd: Path, console: str, result: str) -> list[str]:
    """QEMU's command line. console and result are the two serial ports, as its option -serial takes them."""
    # A machine does not outlive the harness, however that ends.
    words = ["setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64", *topology.arguments(scenario),
             "-kernel", vmlinuz, "-initrd", initrd, "-append", boot.firmware_cmdline(scenario),
             "-drive", f"{image.drive},if=none,id=root",
             "-device", "virtio-blk-pci,drive=root,bus=pcie.0",
             "-serial", console, "-serial", result,
             "-display", "none", "-vga", "none", "-nic", "none",
             "-no-reboot", "-nodefaults"]
    return [str(word) for word in words]


def attend(work: Path, scenario: Scenario, variant: str, image: Machine, kernel: str) -> int:
    """Boot a scenario with its console on the terminal until the machine turns itself off; returns QEMU's status."""
    vmlinuz, initrd = boot.write(work, scenario, variant, image, kernel)
    command = _command(scenario, image, vmlinuz, initrd, "mon:stdio", f"file:{work / 'result.log'}")
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        initrd.unlink()


def run(work: Path, scenario: Scenario, variant: str, image: Machine, kernel: str, load: bool = False) -> Ended:
    """Boot a scenario until the machine turns itself off; returns Ended, or raises Hung."""
    console, result = work / "console.log", work / "result.log"
    vmlinuz, initrd = boot.write(work, scenario, variant, image, kernel, load)
    command = _command(scenario, image, vmlinuz, initrd, f"file:{console}", f"file:{result}")
    (work / "command").write_text(" \\\n  ".join(command) + "\n", encoding="utf-8")
    patience = boot.patience(variant) * (2 if load else 1)
    starts, deaths = 1, 0
    while True:
        begun = time.monotonic()
        status = _watch(command, work, scenario.timeout * patience, START_LIMIT * patience * image.start_patience,
                        SILENCE * patience, starts < START_TRIES)
        if status is None:
            starts += 1
        elif status in DEATHS and deaths < DEATHS_LIMIT:
            deaths += 1
        else:
            break
        image.again()
    seconds = time.monotonic() - begun
    initrd.unlink()
    if status:
        raise Hung(f"QEMU ended with status {status} (died {deaths}x before):\n{tail(work / 'qemu.log')}")
    return Ended(console.read_text(encoding="utf-8", errors="replace"),
                 result.read_text(encoding="utf-8", errors="replace"), seconds, deaths)
