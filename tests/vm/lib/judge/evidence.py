# SPDX-License-Identifier: GPL-2.0-only
"""The guest's evidence, read from its second serial port. Facts only: judge.py decides."""

import json
import re
from dataclasses import dataclass, field
from typing import Callable, Iterable

from ..describe.units import Span

# Start, end, owner, driver, DAX device: driver and device are empty where none is
Piece = tuple[int, int, str, str, str]
# A journal entry, field -> value
Record = dict[str, str]

ALIGN = 2 << 20
BOUND = ("kmem", "device_dax")


class Incomplete(Exception):
    """The guest did not report everything; the message has what is missing."""


@dataclass
class Command:
    """What a command in the guest printed, and its status: None if it has not ended."""
    output: str = ""
    status: int | None = None


@dataclass
class DaxDevice:
    """A device on the dax bus."""
    name: str
    driver: str
    size: int
    node: int
    path: str
    ranges: list[Span] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """The driver that registered it: its parent in the device tree is the evidence."""
        if re.search(r"/dax_region\d+/", self.path):
            return "dax_cxl"
        if re.search(r"/hmem\.\d+/", self.path):
            return "dax_hmem"
        return "none"

    @property
    def bound(self) -> bool:
        """True when a driver makes the device usable."""
        return self.driver in BOUND


@dataclass
class Checkpoint:
    """The machine at one moment."""
    label: str
    time: float = 0.0
    iomem: list[tuple[int, int, int, str]] = field(default_factory=list)
    devices: list[DaxDevice] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    extents: list[dict[str, str]] = field(default_factory=list)
    memory_before: int = 0
    memory: int = 0
    block_size: int = 0
    blocks: dict[int, str] = field(default_factory=dict)
    regions: list[list[str]] = field(default_factory=list)
    commands: dict[str, Command] = field(default_factory=dict)  # of dax-owner
    settled: bool = True

    def owner_map(self, start: int, end: int) -> list[Piece]:
        """[start, end) as pieces (start, end, owner, driver, device), gaps owned by none."""
        claims = sorted((max(low, start), min(high, end), device.owner, device.driver, device.name)
                        for device in self.devices if device.bound
                        for low, high in device.ranges if low < end and high > start)
        pieces, at = [], start
        for low, high, owner, driver, name in claims:
            if low > at:
                pieces.append((at, low, "none", "", ""))
            pieces.append((low, high, owner, driver, name))
            at = max(at, high)
        if at < end:
            pieces.append((at, end, "none", "", ""))
        return pieces

    def uncovered(self, start: int, end: int) -> list[Span]:
        """The 2 MiB aligned pieces of [start, end) that no bound device covers."""
        start, end = -(-start // ALIGN) * ALIGN, end // ALIGN * ALIGN
        return [(low, high) for low, high, owner, *_ in self.owner_map(start, end) if owner == "none"]

    def whole_blocks(self, start: int, end: int) -> Span:
        """[start, end) cut inward to whole memory blocks, as kmem cuts a device; empty if end <= start."""
        return -(-start // self.block_size) * self.block_size, end // self.block_size * self.block_size

    def memory_state(self, state: str, within: Iterable[Span] = ((0, 1 << 64),)) -> int:
        """Bytes of hot-added memory in a state ("online", "offline"), those in any of some ranges.

        A block counts only if it lies wholly in a device: one of ordinary RAM may reach into a range."""
        return sum(self.block_size for number, found in self.blocks.items()
                   if found == state and self._hot(number * self.block_size)
                   and any(low <= number * self.block_size and (number + 1) * self.block_size <= high
                           for low, high in within))

    def _hot(self, address: int) -> bool:
        return any(low <= address and address + self.block_size <= high
                   for device in self.devices for low, high in device.ranges)

    def usable(self, start: int, end: int) -> tuple[int, int]:
        """Of [start, end): bytes that can be system memory, and bytes that memory blocks cost, in bound devices.

        What can be is what is, where kmem has the device; of another device it is what its whole blocks would be."""
        usable = loss = 0
        for device in [device for device in self.devices if device.bound]:
            for low, high in device.ranges:
                first, last = max(low, start), min(high, end)
                if first >= last:
                    continue
                inner = self.whole_blocks(low, high)
                whole = max(0, min(inner[1], last) - max(inner[0], first))
                loss += last - first - whole
                if device.driver == "kmem":
                    usable += sum(self.block_size for number in self.blocks
                                  if max(inner[0], first) <= number * self.block_size
                                  and (number + 1) * self.block_size <= min(inner[1], last))
                elif device.node >= 0:
                    usable += whole
        return usable, loss

    def named(self, name: str) -> list[Span]:
        """The (start, end) of every iomem entry with a name."""
        return [(start, end) for _, start, end, found in self.iomem if found == name]


@dataclass
class Evidence:
    """A whole boot."""
    windows: list[Span] = field(default_factory=list)
    soft_reserved: list[Span] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    steps: dict[str, Command] = field(default_factory=dict)     # by label
    modules: dict[str, str] = field(default_factory=dict)     # name -> file
    journal: list[Record] = field(default_factory=list)     # the daemon's records, field -> value
    dmesg: str = ""
    startup: str = ""
    kmemleak: str = ""
    coverage: str = ""                              # base64 of a tar
    firmware_seconds: float = 0.0


def _fields(text: str, number: int) -> list[str]:
    return text.split(None, number - 1)


def _firmware(found: Evidence, text: str) -> None:
    words = text.split()
    if words[0] == "window":
        found.windows.append((int(words[2], 16), int(words[3], 16) + 1))
    elif words[0] == "soft-reserved":
        start = int(words[1], 16)
        found.soft_reserved.append((start, start + int(words[2], 16)))
    elif words[0] == "committed":
        found.firmware_seconds = float(words[2])
    elif words[0] == "failed:":
        raise Incomplete("the firmware stage " + text)


def _iomem(point: Checkpoint, line: str) -> None:
    match = re.match(r"( *)([0-9a-f]+)-([0-9a-f]+) : (.*)", line)
    if match:
        point.iomem.append((len(match[1]) // 2, int(match[2], 16), int(match[3], 16) + 1, match[4]))


def _dax(point: Checkpoint, line: str) -> None:
    if line.startswith("mapping "):
        _, start, end = line.split()
        point.devices[-1].ranges.append((int(start, 16), int(end, 16) + 1))
    else:
        name, driver, count, node, path = _fields(line, 5)
        point.devices.append(DaxDevice(name, driver, int(count), int(node), path))


def _ledger(point: Checkpoint, line: str) -> None:
    key, _, value = line.partition(" ")
    if key == "extent":
        point.extents.append({"name": value})
    elif point.extents:
        point.extents[-1][key] = value
    else:
        point.attributes[key] = value


def _blocks(point: Checkpoint, line: str) -> None:
    match = re.match(r".*/memory(\d+)/state:(\S+)", line)
    if match:
        point.blocks[int(match[1])] = match[2]
    else:
        point.block_size = int(line, 16)


def _meminfo(point: Checkpoint, line: str) -> None:
    key, count, _ = line.split()
    if key == "MemTotal:":
        if not point.memory_before:
            point.memory_before = int(count) << 10
        point.memory = int(count) << 10


def _regions(point: Checkpoint, line: str) -> None:
    point.regions.append(line.split())


_SECTIONS: dict[str, Callable[[Checkpoint, str], None]] = {"iomem": _iomem, "dax": _dax, "ledger": _ledger, "blocks": _blocks,
             "meminfo": _meminfo, "regions": _regions}


def parse(text: str) -> Evidence:
    """Read the result log of a boot."""
    found, section = Evidence(), ""
    # nothing is read into these
    point, step, command = Checkpoint(""), Command(), Command()
    unsettled, complete = set(), False
    for line in text.replace("\r", "").split("\n"):
        if line.startswith("@@"):
            section, _, rest = line[2:].partition(" ")
            if section == "firmware":
                _firmware(found, rest)
            elif section == "checkpoint":
                point = Checkpoint(rest)
                found.checkpoints.append(point)
            elif section == "time":
                point.time = float(rest)
            elif section == "step":
                step = found.steps[rest] = Command()
            elif section == "status":
                step.status = int(rest)
            elif section == "command":
                command = point.commands[rest] = Command()
            elif section == "ended":
                command.status = int(rest)
            elif section == "unsettled":
                unsettled.add(rest)
            elif section == "end":
                complete = True
            continue
        if section == "step":
            step.output += line + "\n"
        elif section == "command":
            command.output += line + "\n"
        elif section == "dmesg":
            found.dmesg += line + "\n"
        elif section == "journal" and line:
            found.journal.append(json.loads(line))
        elif section == "kmemleak":
            found.kmemleak += line + "\n" if line else ""
        elif section == "coverage":
            found.coverage += line
        elif section == "boot":
            found.startup += line + "\n"
        elif section == "modinfo" and len(line.split()) > 1:
            found.modules[line.split()[0]] = line.split()[1]
        elif section in _SECTIONS and line:
            _SECTIONS[section](point, line)
    for point in found.checkpoints:
        point.settled = point.label not in unsettled
    if not complete:
        raise Incomplete("the guest's report breaks off after "
                         + (found.checkpoints[-1].label if found.checkpoints else "the firmware stage"))
    return found
