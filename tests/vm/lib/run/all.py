# SPDX-License-Identifier: GPL-2.0-only
"""Boots all that was asked for, several machines at a time, and reports each as it ends."""

import threading
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from ..judge.outcome import Outcome
from ..make.image import Image
from ..show import table
from .boot import boot
from .work import has_passed


def boot_all(outcomes: list[Outcome], images: dict[str, Image], args: Namespace, progress: Callable[[str], None]) -> None:
    """Fill in all outcomes. images: by variant; progress is called with a line of text."""
    lock, done = threading.Lock(), [0]

    def work(outcome: Outcome) -> None:
        if (outcome.variant == "reference" and not outcome.case.reference_enabled or
                outcome.variant == "debug" and not outcome.case.debug_enabled):
            outcome.skipped, outcome.took = True, "not there"
        elif args.resume and has_passed(outcome, images[outcome.variant]):
            outcome.took = "before"     # and nothing has changed since
        else:
            boot(outcome, images[outcome.variant], args.load)
        with lock:
            done[0] += 1
            progress(f"{done[0]}/{len(outcomes)} {outcome.status} {outcome.title} {outcome.kernel} "
                     f"{table.VARIANTS[outcome.variant]} ({outcome.took})")
            for failure in outcome.failures:
                print("    " + failure, flush=True)

    progress(f"{len(outcomes)} boots, {args.jobs} at a time")
    with ThreadPoolExecutor(max(1, args.jobs)) as pool:
        try:
            list(pool.map(work, outcomes))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
