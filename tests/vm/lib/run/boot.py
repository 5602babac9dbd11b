# SPDX-License-Identifier: GPL-2.0-only
"""Boots one scenario and judges what came of it."""

import base64
import re
from pathlib import Path

from ..judge import evidence, judge
from ..judge.outcome import Outcome
from ..make.image import Image
from . import qemu
from .work import subject, work_directory

# A guest that measured its clock while the host was busy elsewhere may have it run many times too fast: what
# is to be waited for is then not waited for.
FAST = 1.5


def _until_timely(outcome: Outcome, img: Image, load: bool, work: Path) -> tuple[str, evidence.Evidence]:
    """Boots, and once more if the guest's clock was wrong; returns console text and evidence."""
    for _ in range(2):
        ended = qemu.run(work, outcome.case, outcome.variant, img, outcome.kernel, load)
        outcome.took = ended.took
        found = evidence.parse(ended.result)
        if not found.checkpoints or found.checkpoints[-1].time <= ended.seconds * FAST:
            break
    return ended.console, found


def _boot(outcome: Outcome, img: Image, load: bool, work: Path) -> None:
    try:
        console, found = _until_timely(outcome, img, load, work)
        if found.coverage:
            (work / "coverage.tar.gz").write_bytes(base64.b64decode(found.coverage))
            (work / "built").symlink_to(img.base / "built" / outcome.kernel)
        outcome.verdict = judge.judge(outcome.case, outcome.kernel, outcome.variant, found, console)
        outcome.failures = outcome.verdict.failures
    except evidence.Incomplete as error:
        outcome.failures = [str(error), *judge.splats((work / "console.log").read_text(errors="replace")), qemu.tail(work / "console.log")]
    except qemu.Hung as error:
        outcome.failures = [str(error)]
    except Exception as error:  # pylint: disable=broad-exception-caught
        outcome.failures = [f"{error.__class__.__name__}: {error} (log in {work})"]
    if outcome.case.planted:
        heard = [failure for failure in outcome.failures if re.search(outcome.case.planted, failure)]
        outcome.failures = [] if heard else [f"the planted bug was not heard of: no /{outcome.case.planted}/ in",
                                             *outcome.failures]


def boot(outcome: Outcome, img: Image, load: bool) -> None:
    """Boot one scenario and fill in its outcome."""
    with work_directory(outcome.place) as work:
        _boot(outcome, img, load, work)
        if not outcome.failures:
            (work / "passed").write_text(subject(outcome, img), encoding="utf-8")
