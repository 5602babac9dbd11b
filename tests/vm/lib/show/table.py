# SPDX-License-Identifier: GPL-2.0-only
"""The table at the end of a run."""

from ..describe.units import size_text
from ..judge.outcome import Outcome


VARIANTS = {"ours": "ours", "debug": "debug", "reference": "in-tree"}


def _cells(outcome: Outcome | None) -> list[str]:
    if outcome is None:
        return ["-", "-", "-", "-"]
    if outcome.verdict is None:
        return [{"PASS": "ok", "FAIL": "FAIL", "SKIP": "skip"}[outcome.status], "?", "?", "?"]
    verdict = outcome.verdict
    return ["FAIL" if outcome.failures else "ok", size_text(verdict.stranded),
            "+".join(verdict.owners), str(verdict.errors)]


def render(outcomes: list[Outcome]) -> str:
    """Rows of scenario and kernel; ours and, if both were run, the in-tree drivers beside."""
    rows: dict[tuple[str, str], dict[str, Outcome]] = {}
    for outcome in outcomes:
        rows.setdefault((outcome.title, outcome.kernel), {})[outcome.variant] = outcome
    head = ["scenario", "kernel"]
    names = ["result", "stranded", "owner", "errors"]
    variants = [variant for variant in VARIANTS if any(outcome.variant == variant for outcome in outcomes)]
    for variant in variants:
        head += names if len(variants) == 1 else [f"{VARIANTS[variant]}: {names[0]}", *names[1:]]
    lines = [head]
    for (title, kernel), found in rows.items():
        lines.append([title, kernel] + [cell for variant in variants for cell in _cells(found.get(variant))])
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    text.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(text)
