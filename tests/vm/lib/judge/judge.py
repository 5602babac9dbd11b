# SPDX-License-Identifier: GPL-2.0-only
"""Compares a boot's evidence with what its scenario expects. Returns failures as text.

What the kernel shows of itself is judged (iomem, DAX devices and their drivers, memory).
What the project's modules say of themselves is then compared with that, never trusted.
"""

import re

from ..describe.scenario import Scenario, Step, step_file, steps
from . import command
from .checkpoint import checkpoint
from .evidence import Command, Evidence
from .journal import journal
from .splat import SPLAT
from .verdict import Verdict


def _step(verdict: Verdict, label: str, step: Step) -> None:
    ended = verdict.evidence.steps.get(label, Command())
    output, status = ended.output, ended.status
    if status is None or (status != 0) != step.fails:
        verdict.fail(label, f"{'should have failed' if step.fails else 'failed'}, status {status}: {output.strip()}")
    if step.output is not None and not re.search(step.output, output, re.M):
        verdict.fail(label, f"should print /{step.output}/, printed: {output.strip()}")
    if step.schema:
        for failure in command.judge_lines(step.schema, output):
            verdict.fail(label, failure)


def splats(text: str) -> list[str]:
    """The first lines in which the kernel complains of itself."""
    return [line for line in text.splitlines() if re.search(SPLAT, line)][:5]


def _logs(verdict: Verdict, scenario: Scenario, console: str, ours: bool) -> None:
    lines = verdict.evidence.dmesg.splitlines()
    if ours:
        for pattern in scenario.dmesg:
            if not any(re.search(pattern, line) for line in lines):
                verdict.fail("dmesg", f"should say /{pattern}/")
        for pattern in scenario.no_dmesg:
            for line in lines:
                if re.search(pattern, line):
                    verdict.fail("dmesg", f"should not say: {line}")
    for line in splats(verdict.evidence.dmesg + console):
        verdict.fail("kernel", line)
    for number, line in enumerate(verdict.evidence.kmemleak.splitlines()):
        if number < 20 or line.startswith("unreferenced"):
            verdict.fail("kmemleak", line)
    for name, path in verdict.evidence.modules.items() if not scenario.moved else ():
        if ("/updates/" in path) != ours:
            verdict.fail("modules", f"{name} comes from {path}")


def _order(verdict: Verdict, scenario: Scenario, variant: str) -> None:
    """By the driver core's own log (dd.dyndbg=+p), which the debug kernels have not: dax_cxl is not bound before dax_hmem
    has had its turn."""
    if "dd.dyndbg=+p" not in scenario.cmdline or variant == "debug":
        return
    found = [re.search(r"'(hmem_platform|cxl_dax_region)': driver_bound: bound to device", line)
             for line in verdict.evidence.dmesg.splitlines()]
    bound = [match[1] for match in found if match]
    if bound[:1] != ["hmem_platform"]:
        verdict.fail("order", f"drivers were bound in this order: {bound}")


def judge(scenario: Scenario, kernel: str, variant: str, evidence: Evidence, console: str) -> Verdict:
    """A Verdict over a boot of a scenario."""
    verdict = Verdict(evidence)
    ours = variant != "reference"
    # On the debug kernel each process started is felt.
    asked = variant != "debug" and scenario.command
    points = {point.label: point for point in evidence.checkpoints}
    expect = scenario.expect if ours else scenario.reference.get(kernel)
    if "boot" not in points:
        verdict.fail("boot", "no evidence was collected")
    else:
        checkpoint(verdict, points["boot"], expect, ours and scenario.settle_boot,
                    asked and scenario.settle_boot)
    for number, step in enumerate(steps(scenario, variant)):
        label = step_file(number, step)
        if label not in points:
            verdict.fail(label, "no evidence was collected")
            continue
        expect = step.expect if ours else step.reference.get(kernel)
        if ours or expect is not None or scenario.daemon:
            _step(verdict, label, step)
        checkpoint(verdict, points[label], expect, ours and step.settle, asked and step.settle)
    _logs(verdict, scenario, console, ours)
    _order(verdict, scenario, variant)
    if scenario.daemon and evidence.checkpoints:
        journal(verdict, scenario, variant, kernel)
    return verdict
