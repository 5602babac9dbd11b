# SPDX-License-Identifier: GPL-2.0-only
"""Compares a boot's evidence with what its scenario expects. Returns failures as text.

What the kernel shows of itself is judged (iomem, DAX devices and their drivers, memory).
What the project's modules say of themselves is then compared with that, never trusted.
"""

import difflib
import re

from . import command
from .boot import step_file, steps
from .splat import SPLAT
from .units import Address, human, size

NOTABLE = re.compile(r"(resource conflict|could not reserve|failed to attach|probe of dax\S+ failed|"
                     r"mapping\d+: .*(?:fail|could not)|dax\S*: .*error|failed with error)", re.I)
SLACK = 16 << 20
# Who leaves marks in the journal: guest/runner
MARK = "dax-owner-test"
# Records that the daemon tells before it notes them: of an extent that is decided, claimed, owned and settles all
AT_ONCE = 4


class Verdict:
    """What came of one boot."""

    def __init__(self, evidence):
        self.evidence = evidence
        self.failures = []
        last = evidence.checkpoints[-1]
        self.stranded = sum(high - low for low, high in stranded(evidence, last, []))
        self.owners = sorted({piece[2] for start, end in ranges(evidence, last)
                              for piece in last.owner_map(start, end)})
        self.errors = sum(1 for line in evidence.dmesg.splitlines() if NOTABLE.search(line))

    def fail(self, where, text):
        """Record a failure at a checkpoint."""
        self.failures.append(f"{where}: {text}")


def ranges(evidence, point):
    """What a summary shows owners of: the Soft Reserved ranges, or without any, the regions."""
    if evidence.soft_reserved:
        return evidence.soft_reserved
    return [(int(region[1], 0), int(region[1], 0) + int(region[2], 0)) for region in point.regions]


def _subtract(pieces, holes):
    for low, high in holes:
        pieces = [part for start, end in pieces
                  for part in ((start, min(end, low)), (max(start, high), end)) if part[0] < part[1]]
    return pieces


def stranded(evidence, point, uncounted):
    """Pieces of Soft Reserved ranges that no DAX device with a driver covers, but for those that none is to have."""
    pieces = [piece for start, end in evidence.soft_reserved for piece in point.uncovered(start, end)]
    return _subtract(pieces, uncounted)


def _show(pieces):
    return ", ".join(f"{low:#x}-{high - 1:#x} {owner}{f' ({driver} {name})' if name else ''}"
                     for low, high, owner, driver, name in pieces)


def _resolved(windows, item):
    start = item.at.resolve(windows)
    return start, start + item.size


def _owners(verdict, point, expect):
    for item in expect.owners:
        start, end = _resolved(verdict.evidence.windows, item)
        pieces = point.owner_map(start, end)
        if any(owner != item.owner or (item.driver and driver != item.driver)
               for _, _, owner, driver, _ in pieces):
            verdict.fail(point.label, f"{item.at.text}+{human(item.size)} should be {item.owner} "
                                      f"({item.driver or 'no driver'}), is {_show(pieces)}")


def _soft_reserved(verdict, point, expect):
    entries = point.named("Soft Reserved")
    for item in expect.soft_reserved:
        left = _subtract([_resolved(verdict.evidence.windows, item)], entries)
        if left:
            verdict.fail(point.label, f"iomem should say Soft Reserved over {item.at.text}+{human(item.size)}, "
                                      f"says {[f'{low:#x}-{high - 1:#x}' for low, high in entries]}")
    for item in expect.no_soft_reserved:
        start, end = _resolved(verdict.evidence.windows, item)
        if any(low < end and high > start for low, high in entries):
            verdict.fail(point.label, f"iomem still says Soft Reserved in {item.at.text}+{human(item.size)}")


def _withheld(verdict, point, start, end):
    """Memory that is given to no driver: no DAX device is there, bound or not, and no system memory."""
    for device in point.devices:
        if device.owner != "none" and any(low < end and high > start for low, high in device.ranges):
            verdict.fail(point.label, f"{start:#x}-{end - 1:#x} should be given to no driver, "
                                      f"{device.name} of {device.owner} is there")
    for low, high in point.named("System RAM (kmem)"):
        if low < end and high > start:
            verdict.fail(point.label, f"{start:#x}-{end - 1:#x} should be given to no driver, "
                                      f"{low:#x}-{high - 1:#x} is system memory")


def _usable(verdict, point, expect):
    """How much of the Soft Reserved ranges can be system memory, and how much memory blocks cost."""
    if expect.usable is None and expect.block_loss is None:
        return
    found = [point.usable(start, end) for start, end in verdict.evidence.soft_reserved]
    for what, wanted, have in (("usable", expect.usable, sum(usable for usable, _ in found)),
                               ("lost to memory blocks", expect.block_loss, sum(loss for _, loss in found))):
        if wanted is not None and wanted != have:
            verdict.fail(point.label, f"{human(wanted)} should be {what}, {human(have)} is")
    for extent in point.extents:
        if "usable_bytes" not in extent or "block_loss_bytes" not in extent:
            verdict.fail(point.label, f"{extent['name']} does not record what of it is usable")


def _memory(verdict, point, expect):
    for state, wanted in (("online", expect.online), ("offline", expect.offline)):
        have = point.memory_state(state)
        if wanted is not None and have != wanted:
            verdict.fail(point.label, f"{human(wanted)} should be {state}, {human(have)} is")
    online, gained = point.memory_state("online"), point.memory - point.memory_before
    if abs(gained - online) > SLACK:
        verdict.fail(point.label, f"MemTotal grew by {human(gained)}, but {human(online)} of blocks are online")


def _blocks_agree(verdict, point, extent, start, end):
    """What an owned extent records of memory blocks, against the blocks there are."""
    have = tuple(int(extent[name]) for name in ("usable_bytes", "block_loss_bytes") if name in extent)
    if len(have) == 2 and have != (there := point.usable(start, end)):
        verdict.fail(point.label, f"{extent['name']} records {have[0]} usable bytes and {have[1]} that blocks cost, "
                                  f"there are {there[0]} and {there[1]}")


def _agreement(verdict, point, expect, uncounted):
    """Our modules' own account against the evidence."""
    if expect is not None and expect.reasons is not None:
        reasons = sorted({extent.get("reason", "") for extent in point.extents})
        if reasons != sorted(expect.reasons):
            verdict.fail(point.label, f"reasons should be {expect.reasons}, are {reasons}")
    if expect is not None and expect.flags is not None:
        flags = sorted({word for extent in point.extents for word in extent.get("flags", "").split()})
        if flags != sorted(expect.flags):
            verdict.fail(point.label, f"flags should be {expect.flags}, are {flags}")
    told = []
    for extent in point.extents:
        start = int(extent["start"], 0)
        end = start + int(extent["size"], 0)
        if int(extent.get("end", hex(end - 1)), 0) != end - 1:
            verdict.fail(point.label, f"{extent['name']} has {extent['size']} bytes, but ends at {extent['end']}")
        told.append((start, end))
        pieces = point.owner_map(start, end)
        state, owner = extent.get("state"), extent.get("owner")
        # What is not 2 MiB aligned no device can cover: judge the aligned part.
        open_pieces = point.uncovered(start, end)
        if state == "owned":
            if open_pieces or any(piece[2] not in (owner, "none") for piece in pieces):
                verdict.fail(point.label, f"{extent['name']} says owned by {owner}, is {_show(pieces)}")
            names = {piece[4] for piece in pieces if piece[4]}
            device = extent.get("device", "")
            if device and device not in names:
                verdict.fail(point.label, f"{extent['name']} names {device}, is {_show(pieces)}")
            _blocks_agree(verdict, point, extent, start, end)
        elif state == "withheld":
            _withheld(verdict, point, start, end)
        elif any(piece[2] != "none" for piece in pieces):
            verdict.fail(point.label, f"{extent['name']} says {state}, is {_show(pieces)}")
    missing = _subtract(list(verdict.evidence.soft_reserved), told)
    if missing:
        verdict.fail(point.label, f"no extent tells of {[f'{low:#x}-{high - 1:#x}' for low, high in missing]}")
    count = sum(high - low for low, high in stranded(verdict.evidence, point, uncounted))
    if point.settled and int(point.attributes.get("stranded_bytes", -1)) != count:
        verdict.fail(point.label, f"stranded_bytes says {point.attributes.get('stranded_bytes')}, is {count}")


def _checkpoint(verdict, point, expect, told, asked):
    if not point.settled:
        verdict.fail(point.label, "ownership did not settle")
    uncounted = [_resolved(verdict.evidence.windows, item) for item in expect.released + expect.withheld] if expect else []
    if told:
        _agreement(verdict, point, expect, uncounted)
    count = sum(high - low for low, high in stranded(verdict.evidence, point, uncounted))
    verdict.stranded = count
    if asked:
        for failure in command.judge(point, verdict.evidence.soft_reserved, count):
            verdict.fail(f"dax-owner {point.label}", failure)
    if expect is None:
        return
    if expect.stranded is not None and count != expect.stranded:
        verdict.fail(point.label, f"{human(expect.stranded)} should be stranded, {human(count)} is")
    _owners(verdict, point, expect)
    for item in expect.withheld:
        _withheld(verdict, point, *_resolved(verdict.evidence.windows, item))
    _soft_reserved(verdict, point, expect)
    _memory(verdict, point, expect)
    _usable(verdict, point, expect)


def _step(verdict, label, step):
    output, status = verdict.evidence.steps.get(label, ("", None))
    if status is None or (status != 0) != step.fails:
        verdict.fail(label, f"{'should have failed' if step.fails else 'failed'}, status {status}: {output.strip()}")
    if step.output is not None and not re.search(step.output, output, re.M):
        verdict.fail(label, f"should print /{step.output}/, printed: {output.strip()}")
    if step.schema:
        for failure in command.judge_lines(step.schema, output):
            verdict.fail(label, failure)


def splats(text):
    """The first lines in which the kernel complains of itself."""
    return [line for line in text.splitlines() if re.search(SPLAT, line)][:5]


def _logs(verdict, scenario, console, ours):
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


def _line(record):
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


def _expected_line(line, windows):
    """A line of a scenario with its addresses and sizes as numbers."""
    event, *words = line.split()
    if event == "settled":
        words = [f"{size(word):#x}" for word in words]
    elif event not in ("add", "remove") and words:
        words[:2] = [f"{Address(words[0]).resolve(windows):#x}", f"{size(words[1]):#x}"]
    return " ".join([event, *words])


def _subject(line):
    """What a line is about: of each subject the order of records is certain, of two it may not be."""
    event, *words = line.split()
    return words[0] if words and event not in ("add", "remove", "settled") else event


def _span(record):
    return int(record["DAX_OWNER_START"], 0), int(record["DAX_OWNER_END"], 0) + 1


class History:
    """Who owns what by the records alone."""

    def __init__(self):
        self.owned = {}     # (start, end) -> owner
        self.last = {}      # (start, end), or the name of a device -> what was told last of it
        self.recent = []    # what was told last of all
        self.lost = []      # what the daemon before had told last, until this one tells something else

    def take(self, record):
        """One record more. Returns False if it tells what is known already, and there is no reason to do so: a daemon
        that was killed may not have come to note its last records, which the next one cannot know of."""
        told = [_line(record), record.get("DAX_OWNER_DEVICE")]
        if record["DAX_OWNER_EVENT"] == "missed":
            self.lost = self.recent
        elif not self._take(record, told):
            return told in self.lost
        elif record["DAX_OWNER_EVENT"] != "arbiter":
            self.lost = []
            self.recent = [*self.recent, told][-AT_ONCE:]
        return True

    def _take(self, record, told):
        if "DAX_OWNER_START" not in record:
            known = self.last.get(told[1]) == told
            if "DAX_OWNER_SUBSYSTEM" in record:
                self.last[told[1]] = told
            return not known
        start, end = _span(record)
        known = self.last.get((start, end)) == told
        for span in [span for span in self.last if isinstance(span, tuple) and span[0] < end and span[1] > start]:
            del self.last[span]
        self.last[start, end] = told
        for low, high in [span for span in self.owned if span[0] < end and span[1] > start]:
            owner = self.owned.pop((low, high))
            for piece in _subtract([(low, high)], [(start, end)]):
                self.owned[piece] = owner
        if record["DAX_OWNER_EVENT"] == "owned":
            self.owned[start, end] = record["DAX_OWNER_OWNER"]
        return not known

    def compare(self, verdict, point):
        """Against the evidence of a moment."""
        for first, past in verdict.evidence.soft_reserved:
            for start, end, owner, *_ in point.owner_map(first, past):
                told = _subtract([(start, end)], [span for span, by in self.owned.items() if by == owner])
                if owner != "none" and told:
                    verdict.fail(f"journal {point.label}", f"does not say that {start:#x}-{end - 1:#x} is owned by {owner}")
                if owner == "none" and any(low < end and high > start for low, high in self.owned):
                    verdict.fail(f"journal {point.label}", f"says that {start:#x}-{end - 1:#x} is owned")


def _rebuild(verdict, scenario, variant):
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
            verdict.fail("journal", f"told twice: {_line(record)}")


def _restarts(verdict, records):
    """A daemon that was not the first says at once that there is a gap."""
    said = {}
    for record in records:
        if record["SYSLOG_IDENTIFIER"] == "dax-ownerd":
            said.setdefault(record["_PID"], []).append(record)
    for one in list(said.values())[1:]:
        first = [record for record in one if record["DAX_OWNER_EVENT"] not in ("arbiter", "config")][:1]
        if not first or first[0]["DAX_OWNER_EVENT"] != "missed":
            verdict.fail("journal", f"a restart begins with {_line((first or one)[0])}")


def _alarms(verdict, records):
    """Where nothing is wrong there is nothing above notice."""
    for record in records:
        if int(record["PRIORITY"]) < 5:
            verdict.fail("journal", f"a false alarm: {_line(record)}: {record['MESSAGE']}")


def _order(verdict, scenario, variant):
    """By the driver core's own log (dd.dyndbg=+p), which the debug kernels have not: dax_cxl is not bound before dax_hmem
    has had its turn."""
    if "dd.dyndbg=+p" not in scenario.cmdline or variant == "debug":
        return
    bound = [re.search(r"'(hmem_platform|cxl_dax_region)': driver_bound: bound to device", line)
             for line in verdict.evidence.dmesg.splitlines()]
    bound = [match[1] for match in bound if match]
    if bound[:1] != ["hmem_platform"]:
        verdict.fail("order", f"drivers were bound in this order: {bound}")


def _journal(verdict, scenario, variant, kernel):
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


def judge(scenario, kernel, variant, evidence, console):
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
        _checkpoint(verdict, points["boot"], expect, ours and scenario.settle_boot,
                    asked and scenario.settle_boot)
    for number, step in enumerate(steps(scenario, variant)):
        label = step_file(number, step)
        if label not in points:
            verdict.fail(label, "no evidence was collected")
            continue
        expect = step.expect if ours else step.reference.get(kernel)
        if ours or expect is not None or scenario.daemon:
            _step(verdict, label, step)
        _checkpoint(verdict, points[label], expect, ours and step.settle, asked and step.settle)
    _logs(verdict, scenario, console, ours)
    _order(verdict, scenario, variant)
    if scenario.daemon and evidence.checkpoints:
        _journal(verdict, scenario, variant, kernel)
    return verdict
