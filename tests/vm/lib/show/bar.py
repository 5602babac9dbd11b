# SPDX-License-Identifier: GPL-2.0-only
"""An address map in text: who owns which part of the Soft Reserved memory."""

from ..describe.units import human
from ..judge.evidence import Checkpoint, Evidence

WIDTH = 64
MARK = {"dax_cxl": "C", "dax_hmem": "H", "none": "!"}
LEGEND = "C owned by dax_cxl   H owned by dax_hmem   ! stranded: no driver"


def _bar(low: int, high: int, pieces: list[tuple[int, int, str]]) -> str:
    cells = []
    for column in range(WIDTH):
        at = low + (high - low) * (2 * column + 1) // (2 * WIDTH)
        cells.append(next((mark for start, end, mark in pieces if start <= at < end), " "))
    return "|" + "".join(cells) + "|"


def _row(name: str, low: int, high: int, pieces: list[tuple[int, int, str]]) -> str:
    return f"  {name:14} {_bar(low, high, pieces)}"


def render(evidence: Evidence, name: str, point: Checkpoint) -> str:
    """Bars of windows, committed regions, Soft Reserved ranges and owners; then the pieces."""
    low = min(start for start, _ in evidence.soft_reserved)
    high = max(end for _, end in evidence.soft_reserved)
    owners = [piece for start, end in evidence.soft_reserved for piece in point.owner_map(start, end)]
    lines = [f"  {low:#x} to {high - 1:#x}, {human(high - low)}",
             _row("CXL window", low, high, [(start, end, str(number % 10))
                                            for number, (start, end) in enumerate(evidence.windows)]),
             _row("Soft Reserved", low, high, [(start, end, "#") for start, end in evidence.soft_reserved]),
             _row(name, low, high, [(start, end, MARK[owner]) for start, end, owner, *_ in owners])]
    reasons = [(int(extent["start"], 0), int(extent["start"], 0) + int(extent["size"], 0), extent.get("reason", ""))
               for extent in point.extents]
    for start, end, owner, driver, device in owners:
        why = next((reason for begin, stop, reason in reasons if begin <= start < stop), "")
        what = f"{owner:9} {device} ({driver})" if device else "stranded"
        lines.append(f"    {start:#x}-{end - 1:#x} {human(end - start):>6}  {what:24} {why}".rstrip())
    return "\n".join(lines)
