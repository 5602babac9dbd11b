# SPDX-License-Identifier: GPL-2.0-only
"""Kernels that the project's modules refuse.

The newest kernel is whatever the package mirror has today. The modules may refuse it before the project has seen it. That is
no failure: what would have booted the modules there is skipped, with the reason, and the daemon is still booted on it with the
kernel's own drivers. Every other kernel is one that the modules must take.
"""

import re
from pathlib import Path
from typing import Collection, Protocol, TypeVar

from ..places import TOP

NEWEST = "newest"
SKIPPED = 77        # the status of DKMS and of compat/verify/prepare


class Bootable(Protocol):
    """What is booted, as far as a refusal matters."""
    variant: str
    kernel: str


O = TypeVar("O", bound=Bootable)


def reason(label: str, status: int | None, output: str) -> str | None:
    """Why the modules refuse a kernel, by the end of their build; None where that end is a failure."""
    if label != NEWEST or status != SKIPPED:
        return None
    said = re.findall(r"^dax-owner: (.*)$", output, re.M)
    return said[-1] if said else "DKMS skips it without a reason"


def reason_in_log(text: str) -> str | None:
    """Why DKMS has skipped an untested kernel while packages were installed; None if it has not."""
    said = re.findall(r"^dax-owner: (untested kernel .*)$", text, re.M)
    return said[-1] if said else None


def is_tested(version: str, conf: Path = TOP / "kernel/dkms.conf") -> bool:
    """Is a kernel of a series that the modules are tested on?"""
    tested = re.search(r'^TESTED_KERNELS="(.*)"', conf.read_text(encoding="utf-8"), re.M)
    if not tested:
        raise ValueError(f"{conf} names no TESTED_KERNELS")
    return ".".join(re.findall(r"\d+", version)[:2]) in tested[1].split()


def divide(outcomes: list[O], refused: Collection[tuple[str, str]]) -> tuple[list[O], list[tuple[tuple[str, str], int]]]:
    """Boots without those on kernels that are refused; refused has (variant, label) of these. Returns the boots, and a
    list of (variant, label) and how many boots are left out."""
    left_out: dict[tuple[str, str], int] = {}
    kept = []
    for outcome in outcomes:
        where = outcome.variant, outcome.kernel
        if where in refused:
            left_out[where] = left_out.get(where, 0) + 1
        else:
            kept.append(outcome)
    return kept, list(left_out.items())


def line(name: str, version: str, why: str, boots: int) -> str:
    """What is printed for all the boots that are left out."""
    return f"SKIPPED {boots} boot{'s' * (boots != 1)} of {name} on {version}: {why}"
