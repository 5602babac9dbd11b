# SPDX-License-Identifier: GPL-2.0-only
"""The daemon's records against what a scenario expects of them, and against the evidence."""

import difflib

from ..describe.scenario import Scenario, step_file, steps
from ..describe.units import Address, Span, size
from . import command
from .evidence import Checkpoint, Record
from .verdict import Verdict, subtract

# Who leaves marks in the journal: guest/runner
MARK = "dax-owner-test"
# Records that the daemon writes before it saves its state: of an extent that is decided, claimed, owned and settles all
AT_ONCE = 4

# A record's line, and the DAX device that it names
Entry = tuple[str, str | None]


def _line(record: Record) -> str:
    """A record of the daemon as scenarios write it."""
    event = record.get("DAX_OWNER_EVENT", "?")
    if "DAX_OWNER_START" in record:
        start = int(record["DAX_OWNER_START"], 0)
        words = [f"{start:#x}", f"{int(record['DAX_OWNER_SIZE']):#x}", record["DAX_OWNER_OWNER"], record["DAX_OWNER_REASON"]]
    elif event == "settled":
        words = [f"{int(record[f'DAX_OWNER_{who}_BYTES']):#x}" for who in ("CXL", "HMEM", "STRANDED")]
    else:
        # numbers are given as devices come
        words = [record[name] for name in ("DAX_OWNER_SUBSYSTEM",) if name in record]
    return " ".join([event, *words])


def _expected_line(line: str, windows: list[Span]) -> str:
    """A line of a scenario with its addresses and sizes as numbers."""
    event, *words = line.split()
    if event == "settled":
        words = [f"{size(word):#x}" for word in words]
    elif event not in ("add", "remove") and words:
        words[:2] = [f"{Address(words[0]).resolve(windows):#x}", f"{size(words[1]):#x}"]
    return " ".join([event, *words])


def _subject(line: str) -> str:
    """What a line is about: of each subject the order of records is certain, of two it may not be."""
    event, *words = line.split()
    return words[0] if words and event not in ("add", "remove", "settled") else event


def _span(record: Record) -> Span:
    return int(record["DAX_OWNER_START"], 0), int(record["DAX_OWNER_END"], 0) + 1


class History:
    """Who owns what by the records alone."""

    def __init__(self) -> None:
        self.owned: dict[Span, str] = {}     # (start, end) -> owner
        self.last: dict[Span | str | None, Entry] = {}      # (start, end), or the name of a device -> its last record
        self.recent: list[Entry] = []    # the last records of all
        self.lost: list[Entry] = []      # the last records of the daemon before, until this one records a change

    def take(self, record: Record) -> bool:
        """One record more. Returns False if it repeats a known record without a reason: a daemon
        that was killed may not have come to note its last records, which the next one cannot know of."""
        entry = _line(record), record.get("DAX_OWNER_DEVICE")
        if record["DAX_OWNER_EVENT"] == "missed":
            self.lost = self.recent
        elif not self._take(record, entry):
            return entry in self.lost
        elif record["DAX_OWNER_EVENT"] != "arbiter":
            self.lost = []
            self.recent = [*self.recent, entry][-AT_ONCE:]
        return True

    def _take(self, record: Record, entry: Entry) -> bool:
        if "DAX_OWNER_START" not in record:
            known = self.last.get(entry[1]) == entry
            if "DAX_OWNER_SUBSYSTEM" in record:
                self.last[entry[1]] = entry
            return not known
        start, end = _span(record)
        known = self.last.get((start, end)) == entry
        for span in [span for span in self.last if isinstance(span, tuple) and span[0] < end and span[1] > start]:
            del self.last[span]
        self.last[start, end] = entry
        for low, high in [span for span in self.owned if span[0] < end and span[1] > start]:
            owner = self.owned.pop((low, high))
            for piece in subtract([(low, high)], [(start, end)]):
                self.owned[piece] = owner
        if record["DAX_OWNER_EVENT"] == "owned":
            self.owned[start, end] = record["DAX_OWNER_OWNER"]
        return not known

    def compare(self, verdict: Verdict, point: Checkpoint) -> None:
        """Against the evidence of a moment."""
        for first, past in verdict.evidence.soft_reserved:
            for start, end, owner, *_ in point.owner_map(first, past):
                others = subtract([(start, end)], [span for span, by in self.owned.items() if by == owner])
                if owner != "none" and others:
                    verdict.fail(f"journal {point.label}", f"does not say that {start:#x}-{end - 1:#x} is owned by {owner}")
                if owner == "none" and any(low < end and high > start for low, high in self.owned):
                    verdict.fail(f"journal {point.label}", f"says that {start:#x}-{end - 1:#x} is owned")


def _rebuild(verdict: Verdict, scenario: Scenario, variant: str) -> None:
    """The history of the boot from the records alone, compared with the evidence wherever the guest left a mark."""
    points = {point.label: point for point in verdict.evidence.checkpoints}
    unsettled = {step_file(number, step) for number, step in enumerate(steps(scenario, variant)) if not step.settle}
    if not scenario.settle_boot:
        unsettled.add("boot")
    history = History()
    for record in verdict.evidence.journal:
        if record["SYSLOG_IDENTIFIER"] == MARK:
            if record["MESSAGE"] not in unsettled:
                history.compare(verdict, points[record["MESSAGE"]])
        elif "DAX_OWNER_EVENT" in record and not history.take(record):
            verdict.fail("journal", f"recorded twice: {_line(record)}")


def _restarts(verdict: Verdict, records: list[Record]) -> None:
    """A daemon that was not the first says at once that there is a gap. After the daemon of an empty machine there is none."""
    said: dict[str, list[Record]] = {}
    for record in records:
        if record["SYSLOG_IDENTIFIER"] == "dax-ownerd":
            said.setdefault(record["_PID"], []).append(record)
    daemons = list(said.values())
    for before, one in zip(daemons, daemons[1:]):
        if before[-1]["DAX_OWNER_EVENT"] == "empty":
            continue
        first = [record for record in one if record["DAX_OWNER_EVENT"] not in ("arbiter", "config")][:1]
        if not first or first[0]["DAX_OWNER_EVENT"] != "missed":
            verdict.fail("journal", f"a restart begins with {_line((first or one)[0])}")


def _alarms(verdict: Verdict, records: list[Record]) -> None:
    """Where nothing is wrong there is nothing above notice."""
    for record in records:
        if int(record["PRIORITY"]) < 5:
            verdict.fail("journal", f"a false alarm: {_line(record)}: {record['MESSAGE']}")


def journal(verdict: Verdict, scenario: Scenario, variant: str, kernel: str) -> None:
    """The daemon's records against what they should be, and against the evidence."""
    ours = variant != "reference"
    records = [record for record in verdict.evidence.journal if "DAX_OWNER_EVENT" in record]
    expected = scenario.journal.get("ours" if ours else kernel)
    if expected is not None:
        lines = [_line(record) for record in records]
        expected = [_expected_line(line, verdict.evidence.windows) for line in expected]
        for line in difflib.unified_diff(sorted(expected, key=_subject), sorted(lines, key=_subject),
                                         "journal should have", "journal has", lineterm="", n=0):
            verdict.fail("journal", line)
        if expected and lines and expected[-1] != lines[-1]:
            verdict.fail("journal", f"the last record should be {expected[-1]}, is {lines[-1]}")
    _restarts(verdict, records)
    expect = scenario.expect if ours else scenario.reference.get(kernel)
    if expected is not None and expect is not None and expect.stranded == 0:
        _alarms(verdict, records)
    for failure in command.judge_audit(verdict.evidence.checkpoints[-1], records):
        verdict.fail("dax-owner audit", failure)
    if any(record["SYSLOG_IDENTIFIER"] == "dax-ownerd" for record in records):
        _rebuild(verdict, scenario, variant)
