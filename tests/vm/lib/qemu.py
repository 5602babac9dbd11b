# SPDX-License-Identifier: GPL-2.0-only
"""One run of QEMU: started, watched, ended. Knows nothing of what the guest is for."""

import subprocess
import time

from . import boot, topology


class Hung(Exception):
    """The machine did not end in time; the message has the tail of its console."""


def tail(path, lines=30):
    """The last lines of a log, for a failure's report."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no console output)"
    return "\n".join("    | " + line for line in text.splitlines()[-lines:])


def run(work, scenario, variant, image, kernel, load=False):
    """Boot a scenario; returns (console text, result text, seconds it took)."""
    console, result = work / "console.log", work / "result.log"
    vmlinuz, initrd = boot.write(work, scenario, variant, image, kernel, load)
    command = ["qemu-system-x86_64", *topology.arguments(scenario),
               "-kernel", vmlinuz, "-initrd", initrd, "-append", boot.FIRMWARE_CMDLINE,
               "-drive", f"file={image.disk},format=raw,if=none,id=root,snapshot=on,cache=unsafe,file.locking=off",
               "-device", "virtio-blk-pci,drive=root,bus=pcie.0",
               "-serial", f"file:{console}", "-serial", f"file:{result}",
               "-display", "none", "-vga", "none", "-nic", "none", "-monitor", "none",
               "-no-reboot", "-nodefaults"]
    command = [str(word) for word in command]
    (work / "command").write_text(" \\\n  ".join(command) + "\n", encoding="utf-8")
    limit = scenario.timeout * (2 if load else 1)
    start = time.monotonic()
    with open(work / "qemu.log", "wb") as log:
        machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            machine.wait(limit)
        except subprocess.TimeoutExpired as error:
            raise Hung(f"no end after {limit} s; the console ended with\n{tail(console)}") from error
        finally:
            if machine.poll() is None:
                machine.kill()
                machine.wait()
    seconds = time.monotonic() - start
    initrd.unlink()
    if machine.returncode:
        raise Hung(f"QEMU ended with status {machine.returncode}:\n{tail(work / 'qemu.log')}")
    return (console.read_text(encoding="utf-8", errors="replace"),
            result.read_text(encoding="utf-8", errors="replace"), seconds)
