# SPDX-License-Identifier: GPL-2.0-only
"""What came of one boot, and which memory it strands."""

import re
from typing import Iterable

from ..describe.units import Span
from .evidence import Checkpoint, Evidence

NOTABLE = re.compile(r"(resource conflict|could not reserve|failed to attach|probe of dax\S+ failed|"
                     r"mapping\d+: .*(?:fail|could not)|dax\S*: .*error|failed with error)", re.I)


class Verdict:
    """What came of one boot."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.failures: list[str] = []
        last = evidence.checkpoints[-1]
        self.stranded = sum(high - low for low, high in stranded(evidence, last, []))
        self.owners = sorted({piece[2] for start, end in ranges(evidence, last)
                              for piece in last.owner_map(start, end)})
        self.errors = sum(1 for line in evidence.dmesg.splitlines() if NOTABLE.search(line))

    def fail(self, where: str, text: str) -> None:
        """Record a failure at a checkpoint."""
        self.failures.append(f"{where}: {text}")


def ranges(evidence: Evidence, point: Checkpoint) -> list[Span]:
    """What a summary shows owners of: the Soft Reserved ranges, or without any, the regions."""
    if evidence.soft_reserved:
        return evidence.soft_reserved
    return [(int(region[1], 0), int(region[1], 0) + int(region[2], 0)) for region in point.regions]


def subtract(pieces: list[Span], holes: Iterable[Span]) -> list[Span]:
    """Pieces without the parts of them that are in holes."""
    for low, high in holes:
        pieces = [part for start, end in pieces
                  for part in ((start, min(end, low)), (max(start, high), end)) if part[0] < part[1]]
    return pieces


def stranded(evidence: Evidence, point: Checkpoint, uncounted: list[Span]) -> list[Span]:
    """Pieces of Soft Reserved ranges that no DAX device with a driver covers, but for those that none is to have."""
    pieces = [piece for start, end in evidence.soft_reserved for piece in point.uncovered(start, end)]
    return subtract(pieces, uncounted)
