# SPDX-License-Identifier: GPL-2.0-only
"""A checkpoint's evidence against what a scenario expects there, and then against what the modules say of themselves."""

from ..describe.scenario import Expectation, Range
from ..describe.units import Span, size_text
from . import command
from .evidence import Checkpoint, Piece
from .verdict import Verdict, stranded, subtract

SLACK = 16 << 20


def _show(pieces: list[Piece]) -> str:
    return ", ".join(f"{low:#x}-{high - 1:#x} {owner}{f' ({driver} {name})' if name else ''}"
                     for low, high, owner, driver, name in pieces)


def _resolved(windows: list[Span], item: Range) -> Span:
    start = item.at.resolve(windows)
    return start, start + item.size


def _owners(verdict: Verdict, point: Checkpoint, expect: Expectation) -> None:
    for item in expect.owners:
        start, end = _resolved(verdict.evidence.windows, item)
        pieces = point.owner_map(start, end)
        if any(owner != item.owner or (item.driver and driver != item.driver)
               for _, _, owner, driver, _ in pieces):
            verdict.fail(point.label, f"{item.at.text}+{size_text(item.size)} should be {item.owner} "
                                      f"({item.driver or 'no driver'}), is {_show(pieces)}")


def _soft_reserved(verdict: Verdict, point: Checkpoint, expect: Expectation) -> None:
    entries = point.named("Soft Reserved")
    for item in expect.soft_reserved:
        left = subtract([_resolved(verdict.evidence.windows, item)], entries)
        if left:
            verdict.fail(point.label, f"iomem should say Soft Reserved over {item.at.text}+{size_text(item.size)}, "
                                      f"says {[f'{low:#x}-{high - 1:#x}' for low, high in entries]}")
    for item in expect.no_soft_reserved:
        start, end = _resolved(verdict.evidence.windows, item)
        if any(low < end and high > start for low, high in entries):
            verdict.fail(point.label, f"iomem still says Soft Reserved in {item.at.text}+{size_text(item.size)}")


def _withheld(verdict: Verdict, point: Checkpoint, start: int, end: int) -> None:
    """Memory that is given to no driver: no DAX device is there, bound or not, and no system memory."""
    for device in point.devices:
        if device.owner != "none" and any(low < end and high > start for low, high in device.ranges):
            verdict.fail(point.label, f"{start:#x}-{end - 1:#x} should be given to no driver, "
                                      f"{device.name} of {device.owner} is there")
    for low, high in point.named("System RAM (kmem)"):
        if low < end and high > start:
            verdict.fail(point.label, f"{start:#x}-{end - 1:#x} should be given to no driver, "
                                      f"{low:#x}-{high - 1:#x} is system memory")


def _usable(verdict: Verdict, point: Checkpoint, expect: Expectation) -> None:
    """How much of the Soft Reserved ranges can be system memory, and how much memory blocks cost."""
    if expect.usable is None and expect.block_loss is None:
        return
    found = [point.usable(start, end) for start, end in verdict.evidence.soft_reserved]
    for what, wanted, have in (("usable", expect.usable, sum(usable for usable, _ in found)),
                               ("lost to memory blocks", expect.block_loss, sum(loss for _, loss in found))):
        if wanted is not None and wanted != have:
            verdict.fail(point.label, f"{size_text(wanted)} should be {what}, {size_text(have)} is")
    for extent in point.extents:
        if "usable_bytes" not in extent or "block_loss_bytes" not in extent:
            verdict.fail(point.label, f"{extent['name']} does not record what of it is usable")


def _memory(verdict: Verdict, point: Checkpoint, expect: Expectation) -> None:
    for state, wanted in (("online", expect.online), ("offline", expect.offline)):
        have = point.memory_state(state)
        if wanted is not None and have != wanted:
            verdict.fail(point.label, f"{size_text(wanted)} should be {state}, {size_text(have)} is")
    online, gained = point.memory_state("online"), point.memory - point.memory_before
    if abs(gained - online) > SLACK:
        verdict.fail(point.label, f"MemTotal grew by {size_text(gained)}, but {size_text(online)} of blocks are online")


def _blocks_agree(verdict: Verdict, point: Checkpoint, extent: dict[str, str], start: int, end: int) -> None:
    """What an owned extent records of memory blocks, against the blocks there are."""
    have = tuple(int(extent[name]) for name in ("usable_bytes", "block_loss_bytes") if name in extent)
    if len(have) == 2 and have != (there := point.usable(start, end)):
        verdict.fail(point.label, f"{extent['name']} records {have[0]} usable bytes and {have[1]} that blocks cost, "
                                  f"there are {there[0]} and {there[1]}")


def _agreement(verdict: Verdict, point: Checkpoint, expect: Expectation | None, uncounted: list[Span]) -> None:
    """Our modules' own account against the evidence."""
    if expect is not None and expect.reasons is not None:
        reasons = sorted({extent.get("reason", "") for extent in point.extents})
        if reasons != sorted(expect.reasons):
            verdict.fail(point.label, f"reasons should be {expect.reasons}, are {reasons}")
    if expect is not None and expect.flags is not None:
        flags = sorted({word for extent in point.extents for word in extent.get("flags", "").split()})
        if flags != sorted(expect.flags):
            verdict.fail(point.label, f"flags should be {expect.flags}, are {flags}")
    shown = []
    for extent in point.extents:
        start = int(extent["start"], 0)
        end = start + int(extent["size"], 0)
        if int(extent.get("end", hex(end - 1)), 0) != end - 1:
            verdict.fail(point.label, f"{extent['name']} has {extent['size']} bytes, but ends at {extent['end']}")
        shown.append((start, end))
        pieces = point.owner_map(start, end)
        state, owner = extent.get("state"), extent.get("owner")
        # What is not 2 MiB aligned no device can cover: judge the aligned part.
        open_pieces = point.uncovered(start, end)
        if state == "owned":
            if open_pieces or any(piece[2] not in (owner, "none") for piece in pieces):
                verdict.fail(point.label, f"{extent['name']} says owned by {owner}, is {_show(pieces)}")
            names = {piece[4] for piece in pieces if piece[4]}
            device = extent.get("device", "")
            if device and device not in names:
                verdict.fail(point.label, f"{extent['name']} names {device}, is {_show(pieces)}")
            _blocks_agree(verdict, point, extent, start, end)
        elif state == "withheld":
            _withheld(verdict, point, start, end)
        elif any(piece[2] != "none" for piece in pieces):
            verdict.fail(point.label, f"{extent['name']} says {state}, is {_show(pieces)}")
    missing = subtract(list(verdict.evidence.soft_reserved), shown)
    if missing:
        verdict.fail(point.label, f"no extent has {[f'{low:#x}-{high - 1:#x}' for low, high in missing]}")
    count = sum(high - low for low, high in stranded(verdict.evidence, point, uncounted))
    if point.settled and int(point.attributes.get("stranded_bytes", -1)) != count:
        verdict.fail(point.label, f"stranded_bytes says {point.attributes.get('stranded_bytes')}, is {count}")


def checkpoint(verdict: Verdict, point: Checkpoint, expect: Expectation | None, has_ledger: bool,
               has_command: bool) -> None:
    """Judge one checkpoint. has_ledger: the modules report the owners; has_command: dax-owner reports them, too."""
    if not point.settled:
        verdict.fail(point.label, "ownership did not settle")
    uncounted = [_resolved(verdict.evidence.windows, item) for item in expect.released + expect.withheld] if expect else []
    if has_ledger:
        _agreement(verdict, point, expect, uncounted)
    count = sum(high - low for low, high in stranded(verdict.evidence, point, uncounted))
    verdict.stranded = count
    if has_command:
        for failure in command.judge(point, verdict.evidence.soft_reserved, count):
            verdict.fail(f"dax-owner {point.label}", failure)
    if expect is None:
        return
    if expect.stranded is not None and count != expect.stranded:
        verdict.fail(point.label, f"{size_text(expect.stranded)} should be stranded, {size_text(count)} is")
    _owners(verdict, point, expect)
    for item in expect.withheld:
        _withheld(verdict, point, *_resolved(verdict.evidence.windows, item))
    _soft_reserved(verdict, point, expect)
    _memory(verdict, point, expect)
    _usable(verdict, point, expect)
