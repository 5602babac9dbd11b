# SPDX-License-Identifier: GPL-2.0-only
"""What came of one boot that was asked for."""


class Outcome:
    """One boot: what was run and what came of it."""

    def __init__(self, case, kernel, variant, number):
        self.case, self.kernel, self.variant, self.number = case, kernel, variant, number
        self.title = case.name + (f"#{number}" if number else "")
        self.verdict = None
        self.failures = []
        self.skipped = False
        self.took = "no end"    # in words

    @property
    def place(self):
        """Name of its directory."""
        return f"{self.variant}-{self.kernel}-{self.title.replace('#', '-')}"

    @property
    def status(self):
        """PASS, FAIL or SKIP."""
        return "SKIP" if self.skipped else "FAIL" if self.failures else "PASS"
