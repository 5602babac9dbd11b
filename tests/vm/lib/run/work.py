# SPDX-License-Identifier: GPL-2.0-only
"""The directory of a boot, and what it keeps for --resume."""

import fcntl
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from ..judge.outcome import Outcome
from ..make.boot import guest_files
from ..make.cache import tree_hash
from ..make.image import Image
from ..places import CACHE, KMOD, TOP


@contextmanager
def work_directory(name: str) -> Iterator[Path]:
    """An empty directory for one boot; another run of the same scenario gets another."""
    top = CACHE / "run"
    top.mkdir(parents=True, exist_ok=True)
    for suffix in [""] + [f".{number}" for number in range(2, 100)]:
        with open(top / f".{name}{suffix}.lock", "w", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            work = top / f"{name}{suffix}"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            yield work
            return


def subject(outcome: Outcome, img: Image) -> str:
    """What a boot has been a test of: the modules, the kernel, the scenario and what drives it in the guest."""
    # what DKMS does with the modules is no part of them
    modules = [TOP / "kernel" / name for name in ("Kbuild", "Makefile", "dax_owner", "dax_hmem", "dax_cxl", "compat")]
    places = [*modules, *guest_files(outcome.case), KMOD, Path(outcome.case.path)]
    return f"{tree_hash(places)} {img.kernels[outcome.kernel].version}"


def has_passed(outcome: Outcome, img: Image) -> bool:
    """Has it, in an earlier run?"""
    try:
        return (CACHE / "run" / outcome.place / "passed").read_text(encoding="utf-8") == subject(outcome, img)
    except FileNotFoundError:
        return False
