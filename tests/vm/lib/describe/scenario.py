# SPDX-License-Identifier: GPL-2.0-only
"""Scenario files: what they may say, read and checked. Knows nothing of QEMU or guests.

tests/vm/README.md documents every key. A key this file does not know is an error, so
that a misspelt expectation cannot pass as a fulfilled one.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable

from ..places import SCENARIOS
from .units import Address, size, table_bytes

KERNELS = ("lts", "newest")
OWNERS = ("dax_cxl", "dax_hmem", "none")
REGION_TYPES = ("ram", "pmem")


class ScenarioError(Exception):
    """A scenario file is wrong; the message names the file and the key."""


@dataclass
class Bridge:
    """A CXL host bridge (pxb-cxl) with its root ports."""
    name: str
    hdm_for_passthrough: bool = False
    spare_ports: int = 1


@dataclass
class Device:
    """A CXL type 3 device, named by its serial number."""
    serial: int
    size: int                       # volatile part
    bridge: str
    bound: bool = True
    persistent: int = 0             # persistent part, behind the volatile one


@dataclass
class Window:
    """A CXL window (CFMWS) and the host bridges it interleaves over."""
    size: int
    bridges: list[str]


@dataclass
class Region:
    """A region that the firmware stage commits."""
    window: int
    devices: list[int]
    granularity: int = 256
    size: int = 0
    type: str = "ram"


@dataclass
class Range:
    """A piece of address space: a Soft Reserved range, or one with an expected owner."""
    at: Address
    size: int
    owner: str = ""
    driver: str = ""


@dataclass
class Table:
    """A table of ACPI that the kernel under test finds changed."""
    table: str
    append: list[list[str]]


@dataclass
class Expectation:
    """What must be true at a checkpoint."""
    owners: list[Range] = field(default_factory=list)
    stranded: int | None = None
    released: list[Range] = field(default_factory=list)
    withheld: list[Range] = field(default_factory=list)
    soft_reserved: list[Range] = field(default_factory=list)
    no_soft_reserved: list[Range] = field(default_factory=list)
    online: int | None = None
    offline: int | None = None
    usable: int | None = None
    block_loss: int | None = None
    reasons: list[str] | None = None
    flags: list[str] | None = None


@dataclass
class Step:
    """A shell command in the booted guest, and a checkpoint after it."""
    name: str
    run: str
    fails: bool = False
    output: str | None = None
    schema: str | None = None
    settle: bool = True
    ours_only: bool = False
    expect: Expectation | None = None
    reference: dict[str, Expectation | None] = field(default_factory=dict)


@dataclass
class Scenario:
    """One emulated server, one boot, and what must come of it."""
    name: str
    path: str
    summary: str
    drawing: str
    bridges: list[Bridge]
    devices: list[Device]
    windows: list[Window]
    regions: list[Region]
    soft_reserved: list[Range]
    tables: list[Table] = field(default_factory=list)
    memory: str = "2G"
    nodes: list[int] = field(default_factory=list)
    timeout: int = 240
    step_timeout: int = 120
    cmdline: list[str] = field(default_factory=list)
    modprobe: list[str] = field(default_factory=list)
    udev: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    initrd_modules: list[str] = field(default_factory=list)
    settle_boot: bool = True
    steps: list[Step] = field(default_factory=list)
    expect: Expectation | None = None
    dmesg: list[str] = field(default_factory=list)
    no_dmesg: list[str] = field(default_factory=list)
    reference: dict[str, Expectation | None] = field(default_factory=dict)
    reference_enabled: bool = True
    debug_enabled: bool = True
    planted: str | None = None
    daemon: bool | None = None             # None: as the command line says
    journal: dict[str, list[str]] = field(default_factory=dict)
    long: bool = False
    turn: bool = False              # one kernel shows it as well as two
    full: bool = False              # no part of the selection
    command: bool = True            # dax-owner is installed from the start
    moved: bool = False             # modules are installed or removed meanwhile


def step_file(number: int, step: Step) -> str:
    """The name under which a step runs, and under which its results come back."""
    return f"{number:02d}-" + "".join(c if c.isalnum() else "-" for c in step.name)


def steps(scenario: Scenario, variant: str) -> list[Step]:
    """The steps that make sense for a variant."""
    return [step for step in scenario.steps if variant != "reference" or not step.ours_only]


def check_keys(where: str | Path, table: dict[str, Any], known: Iterable[str]) -> None:
    """An unknown key is an error."""
    unknown = set(table) - set(known)
    if unknown:
        raise ScenarioError(f"{where}: unknown key {sorted(unknown)[0]!r}; known are {', '.join(known)}")


def _range(where: str, table: dict[str, Any]) -> Range:
    check_keys(where, table, ("at", "size", "owner", "driver"))
    owner = table.get("owner", "")
    if owner and owner not in OWNERS:
        raise ScenarioError(f"{where}: owner {owner!r} is none of {', '.join(OWNERS)}")
    driver = table.get("driver", "kmem" if owner in ("dax_cxl", "dax_hmem") else "")
    return Range(Address(table["at"]), size(table["size"]), owner, driver)


def read_expectation(where: str, table: dict[str, Any] | None) -> Expectation | None:
    """What must be true at a checkpoint, or None."""
    if table is None:
        return None
    check_keys(where, table, ("owners", "stranded", "released", "withheld", "soft_reserved", "no_soft_reserved",
                               "online", "offline", "usable", "block_loss", "reasons", "flags", "dmesg"))
    ranges = {key: [_range(f"{where}.{key}", entry) for entry in table.get(key, [])]
              for key in ("owners", "released", "withheld", "soft_reserved", "no_soft_reserved")}
    number = {key: size(table[key]) if key in table else None
              for key in ("stranded", "online", "offline", "usable", "block_loss")}
    return Expectation(**ranges, **number, reasons=table.get("reasons"), flags=table.get("flags"))    # type: ignore[arg-type]


def _device(where: str, table: dict[str, Any], bridge: str) -> Device:
    check_keys(where, table, ("serial", "size", "persistent", "bridge", "bound"))
    device = Device(table["serial"], size(table.get("size", 0)), table.get("bridge", bridge), table.get("bound", True),
                    size(table.get("persistent", 0)))
    if not device.size and not device.persistent:
        raise ScenarioError(f"{where}: {device.serial} has no memory")
    return device


def _region(where: str, table: dict[str, Any]) -> Region:
    check_keys(where, table, ("window", "devices", "granularity", "size", "type"))
    kind = table.get("type", REGION_TYPES[0])
    if kind not in REGION_TYPES:
        raise ScenarioError(f"{where}: type {kind!r} is none of {', '.join(REGION_TYPES)}")
    return Region(table.get("window", 0), table["devices"], table.get("granularity", 256), size(table.get("size", 0)), kind)


def _reference(where: str, table: dict[str, Any]) -> dict[str, Expectation | None]:
    check_keys(where, table, KERNELS)
    return {kernel: read_expectation(f"{where}.{kernel}", table.get(kernel)) for kernel in KERNELS}


def _table(where: str, table: dict[str, Any]) -> Table:
    check_keys(where, table, ("table", "append"))
    return Table(table["table"], [table_bytes(entry) for entry in table["append"]])


def _journal(where: str, table: dict[str, Any]) -> dict[str, list[str]]:
    check_keys(where, table, ("ours", *KERNELS))
    return {variant: [line for line in text.splitlines() if line.strip()] for variant, text in table.items()}


def read_step(where: str, table: dict[str, Any]) -> Step:
    """A step of a scenario."""
    check_keys(where, table, ("name", "run", "fails", "output", "schema", "settle", "ours_only", "expect", "reference"))
    plain = {key: table[key] for key in ("name", "run", "fails", "output", "schema", "settle", "ours_only")
             if key in table}
    return Step(expect=read_expectation(f"{where}.expect", table.get("expect")),
                reference=_reference(f"{where}.reference", table.get("reference", {})), **plain)


def _comment(text: str) -> str:
    """The comment block at the top of a file: its theory of operation and drawing."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if "SPDX-License-Identifier" not in line:
            lines.append(re.sub(r"^# ?", "", line))
    return "\n".join(lines).strip("\n")


def files() -> dict[str, Path]:
    """The file of each scenario by its name. The folders below scenarios/ are for readers: no name says where its file is."""
    found: dict[str, Path] = {}
    for path in sorted(SCENARIOS.rglob("*.toml"), key=lambda path: path.name):
        if path.stem in found:
            raise ScenarioError(f"{path}: {found[path.stem]} has the same name")
        found[path.stem] = path
    return found


def load(path: Path) -> Scenario:
    """Read and check one scenario file."""
    name = path.stem
    text = path.read_text(encoding="utf-8")
    try:
        return _load(name, path, text, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{path}: {error.__class__.__name__}: {error}") from error


def _load(name: str, path: Path, text: str, top: dict[str, Any]) -> Scenario:
    check_keys(path, top, ("summary", "machine", "bridge", "device", "window", "region", "soft_reserved",
                           "acpi", "guest", "step", "expect", "reference", "debug", "planted", "long", "turn", "full",
                           "journal"))
    machine = top.get("machine", {})
    check_keys(f"{path}: machine", machine, ("memory", "nodes", "timeout", "step_timeout"))
    guest = top.get("guest", {})
    check_keys(f"{path}: guest", guest, ("cmdline", "modprobe", "udev", "initrd_modules", "settle",
                                         "dmesg", "no_dmesg", "daemon", "files"))
    # without a window it is a machine without CXL
    bridges = [Bridge(**entry) for entry in top.get("bridge", [{"name": "B0"}] if "window" in top else [])]
    devices = [_device(f"{path}: device", entry, bridges[0].name) for entry in top.get("device", [])]
    windows = [Window(size(entry["size"]), entry.get("bridges", [bridges[0].name]))
               for entry in top.get("window", [])]
    regions = [_region(f"{path}: region", entry) for entry in top.get("region", [])]
    serials = {device.serial for device in devices}
    for region in regions:
        if not serials.issuperset(region.devices):
            raise ScenarioError(f"{path}: region over devices {region.devices}, but serials are {sorted(serials)}")
    reference = top.get("reference", {})
    return Scenario(
        name=name, path=str(path), summary=top["summary"], drawing=_comment(text),
        bridges=bridges, devices=devices, windows=windows, regions=regions,
        soft_reserved=[_range(f"{path}: soft_reserved", entry) for entry in top.get("soft_reserved", [])],
        tables=[_table(f"{path}: acpi", entry) for entry in top.get("acpi", [])],
        nodes=[size(entry) for entry in machine.get("nodes", [])],
        memory=machine.get("memory", "2G"), timeout=machine.get("timeout", 240),
        step_timeout=machine.get("step_timeout", 120), planted=top.get("planted"),
        long=top.get("long", False), turn=top.get("turn", False), full=top.get("full", False),
        cmdline=guest.get("cmdline", []), modprobe=guest.get("modprobe", []),
        udev=guest.get("udev", []), files=guest.get("files", {}), initrd_modules=guest.get("initrd_modules", []),
        settle_boot=guest.get("settle", True), dmesg=guest.get("dmesg", []),
        no_dmesg=guest.get("no_dmesg", []), daemon=guest.get("daemon"),
        journal=_journal(f"{path}: journal", top.get("journal", {})),
        steps=[read_step(f"{path}: step {entry.get('name')}", entry) for entry in top.get("step", [])],
        expect=read_expectation(f"{path}: expect", top.get("expect")),
        reference={} if reference is False else _reference(f"{path}: reference", reference),
        reference_enabled=reference is not False, debug_enabled=top.get("debug", True))
