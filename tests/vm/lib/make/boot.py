# SPDX-License-Identifier: GPL-2.0-only
"""What a boot is given: the initramfs of the firmware stage, of the kernel under test, and
the scenario's files laid over the root. Glue between a scenario and the images."""

import re
from pathlib import Path

from ..describe import topology
from ..describe.scenario import Scenario, step_file, steps
from ..describe.units import Address
from ..judge.splat import SPLAT
from ..places import GUEST
from .cpio import Archive
from .machine import Machine

LIB = "usr/lib/dax-owner-test"
EVERY_BOOT = ("collect", "debug", "faster", "runner", "settle", "steps.sh")
# The units of guest/, and the target that wants each
UNITS = {"dax-owner-test.service": "multi-user.target", "dax-owner-load.service": "sysinit.target"}
# The targets that want the daemon once an administrator has enabled it: WantedBy= of dax-ownerd.service
ENABLED = ("sysinit.target", "dax-owner-devices.target")

# How many times longer things may take on a busy host: --patience
busy = 1

# quiet: a console line costs more than its event. The whole log is collected.
CMDLINE = ("root=/dev/vda", "rw", "console=ttyS0,115200", "loglevel=4", "mitigations=off",
           "log_buf_len=4M", "systemd.show_status=false", "random.trust_cpu=1", "tsc=reliable",
           "nowatchdog", "audit=0", "net.ifnames=0", "no_hash_pointers", "rcupdate.rcu_expedited=1",
           "lsm=capability", "module_blacklist=ahci,libata,kvm,pcspkr,psmouse,i2c_i801,iTCO_wdt,parport_pc,floppy")
# A splat ends the boot there and then. Memory goes online as in Debian's kernels, unless a scenario
# says otherwise later on the line.
DEBUG_CMDLINE = ("panic_on_warn=1", "oops=panic", "panic=-1", "kmemleak=on", "memhp_default_state=online")
# As many udev workers as CPUs: under emulation more of them cost three times as much as what they do.
# Where drivers are to race, as many as udev likes.
FEW_WORKERS = "udev.children_max=2"
# One CPU is enough for the firmware, and leaves nothing to go wrong between two.
FIRMWARE_CMDLINE = "maxcpus=1 console=ttyS0,115200 loglevel=4 mitigations=off no_hash_pointers rcupdate.rcu_expedited=1 tsc=reliable"


def firmware_cmdline(scenario: Scenario) -> str:
    """The firmware stage's command line. It has no use for much RAM, which takes long to make ready; kexec passes on
    what there is."""
    return FIRMWARE_CMDLINE + (" mem=4G" if topology.is_big(scenario) else "")


def _with_addresses(word: str) -> str:
    """A word of the command line for the firmware's shell: {W0+512M} becomes a number."""
    return re.sub(r"\{([^}]*)\}", lambda found: Address(found[1]).shell(), word)


def _firmware_files(scenario: Scenario, variant: str, load: bool, archive: Archive) -> None:
    lines = []
    for region in scenario.regions:
        serials = " ".join(str(serial) for serial in region.devices)
        lines.append(f"region {region.type} {region.window} {region.granularity} {region.size} {serials}")
    for item in scenario.soft_reserved:
        # RAM that becomes Soft Reserved says so: the kernel needs the type it had.
        kind = " 1" if item.at.window is None else ""
        lines.append(f"soft_reserved {item.at.shell()} {item.size:#x}{kind}")
    for table in scenario.tables:
        # in double quotes: arithmetic expressions have blanks
        lines += [f"append_table {table.table} " + " ".join(f'"{word}"' for word in entry)
                  for entry in table.append]
    words = [*CMDLINE]
    if variant == "debug":
        words += DEBUG_CMDLINE
    if not load:
        words.append(FEW_WORKERS)
    # what the shell is to compute in double quotes, the rest as it is
    lines.append("CMDLINE='" + " ".join((*words, *(word for word in scenario.cmdline if "{" not in word))) + "'")
    lines += [f'CMDLINE="$CMDLINE {_with_addresses(word)}"' for word in scenario.cmdline if "{" in word]
    archive.file("scenario/firmware", "\n".join(lines) + "\n")
    archive.file("scenario/devices", f"DEVICES={len(scenario.devices)}\n")


def _debug_files(archive: Archive) -> None:
    """What the debug kernels need to boot in reasonable time, and for their instruments: laid over /etc."""
    top = GUEST / "debug-etc"
    for path in sorted(top.rglob("*")):
        name = f"overlay/etc/{path.relative_to(top)}"
        if path.is_symlink():
            archive.symlink(name, str(path.readlink()))
        elif path.is_file():
            archive.file(name, path.read_text(encoding="utf-8"))


def libraries(scenario: Scenario) -> list[Path]:
    """The files of guest/ that the steps of a scenario name, and those that these files name in turn."""
    found: list[Path] = []
    texts = [step.run for step in scenario.steps] + list(scenario.files.values())
    while texts:
        for name in re.findall(rf"/{LIB}/([\w.-]+)", texts.pop()):
            if (GUEST / name).is_file() and GUEST / name not in found:
                found.append(GUEST / name)
                texts.append(found[-1].read_text(encoding="utf-8"))
    return sorted(found)


def guest_files(scenario: Scenario) -> list[Path]:
    """The files that drive the scenario in the guest: those of every boot, and its libraries."""
    every = [GUEST / name for name in (*EVERY_BOOT, *UNITS, "debug-etc", "firmware-init", "root-init")]
    return every + [path for path in libraries(scenario) if path not in every]


def overlay(scenario: Scenario, variant: str, load: bool) -> Archive:
    """The files of the scenario for the root of the kernel under test."""
    archive = Archive()
    for library in sorted({*(GUEST / name for name in EVERY_BOOT), *libraries(scenario)}):
        archive.file(f"overlay/{LIB}/{library.name}", library.read_text(encoding="utf-8"))
    archive.file(f"overlay/{LIB}/scenario",
                 f"VARIANT={variant}\nSPLAT='{SPLAT}'\nSETTLE_BOOT={int(scenario.settle_boot)}\nDAEMON={int(bool(scenario.daemon))}\n"
                 f"SETTLE_TIMEOUT={120 * patience(variant)}\nSTEP_TIMEOUT={scenario.step_timeout * patience(variant)}\n")
    if variant == "debug":
        archive.file("debug", "")
        _debug_files(archive)
    for unit, target in UNITS.items():
        if unit == "dax-owner-load.service" and not load:
            continue
        archive.file(f"overlay/etc/systemd/system/{unit}", (GUEST / unit).read_text(encoding="utf-8"))
        archive.symlink(f"overlay/etc/systemd/system/{target}.wants/{unit}", f"../{unit}")
    for target in ENABLED if scenario.daemon else ():
        archive.symlink(f"overlay/etc/systemd/system/{target}.wants/dax-ownerd.service",
                        "/usr/lib/systemd/system/dax-ownerd.service")
    for path, text in scenario.files.items():
        archive.file(f"overlay{path}", text)
    if scenario.modprobe:
        archive.file("overlay/etc/modprobe.d/dax-owner-test.conf", "\n".join(scenario.modprobe) + "\n")
    if scenario.udev:
        archive.file("overlay/etc/udev/rules.d/00-dax-owner-test.rules", "\n".join(scenario.udev) + "\n")
    # Before any driver is loaded, or the override comes too late.
    archive.file("quirks", "".join(f"echo none >/sys/bus/pci/devices/{topology.pci_function(scenario, device)}/driver_override\n"
                                   for device in scenario.devices if not device.bound))
    for number, step in enumerate(steps(scenario, variant)):
        name = step_file(number, step)
        archive.file(f"overlay/{LIB}/steps/{name}", step.run + "\n")
        if not step.settle:
            archive.file(f"overlay/{LIB}/nosettle/{name}", "")
    return archive


def patience(variant: str) -> int:
    """How many times longer things may take: the debug kernel looks at every memory access."""
    return (5 if variant == "debug" else 1) * busy


def write(work: Path, scenario: Scenario, variant: str, image: Machine, kernel: str,
          load: bool = False) -> tuple[Path, Path]:
    """Write the boot files into the work directory; returns (kernel, initrd) for QEMU."""
    target = image.kernels[kernel]
    inner = image.initrd(scenario, target, overlay(scenario, variant, load))
    firmware = image.firmware_kernel
    outer = Archive()
    _firmware_files(scenario, variant, load, outer)
    outer.file("kernel", target.vmlinuz.read_bytes())
    outer.file("initrd", inner)
    initrd = Path(work) / "initrd"
    with open(initrd, "wb") as out:
        out.write(image.firmware(firmware.version))
        out.write(outer.bytes())
    return firmware.vmlinuz, initrd
