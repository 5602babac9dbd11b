# SPDX-License-Identifier: GPL-2.0-only
"""What came of one boot that was asked for."""

from ..describe.scenario import Scenario
from .verdict import Verdict


class Outcome:
    """One boot: what was run and what came of it."""

    def __init__(self, case: Scenario, kernel: str, variant: str, number: int) -> None:
        self.case, self.kernel, self.variant, self.number = case, kernel, variant, number
        self.title = case.name + (f"#{number}" if number else "")
        self.verdict: Verdict | None = None
        self.failures: list[str] = []
        self.skipped = False
        self.took = "no end"    # in words

    @property
    def place(self) -> str:
        """Name of its directory."""
        return f"{self.variant}-{self.kernel}-{self.title.replace('#', '-')}"

    @property
    def status(self) -> str:
        """PASS, FAIL or SKIP."""
        return "SKIP" if self.skipped else "FAIL" if self.failures else "PASS"
