# SPDX-License-Identifier: GPL-2.0-only
"""What dax-owner says at a checkpoint, against the evidence of that moment. Returns failures as text."""

import json
import subprocess
import tempfile
from typing import Any, Iterable, Iterator

from ..describe.units import Span
from ..places import TOP
from .evidence import Checkpoint, Command, Record

SCHEMAS = TOP / "docs/schema"
OK, WARNING, CRITICAL, UNKNOWN = range(4)
UNAVAILABLE = 69        # sysexits.h


def _known(schema: dict[str, Any], found: Any, root: dict[str, Any]) -> list[str]:
    """Nothing that the schema does not describe: it lets members be added, the project must not forget to say so."""
    if "$ref" in schema:
        file, _, name = schema["$ref"].partition("#/definitions/")
        root = json.loads((SCHEMAS / file).read_text(encoding="utf-8")) if file else root
        schema = root["definitions"][name]
    if isinstance(found, list):
        return [text for item in found for text in _known(schema["items"], item, root)]
    if not isinstance(found, dict):
        return []
    unknown = [f"{key} is not described" for key in found if key not in schema["properties"]]
    return unknown + [text for key in found if key in schema["properties"]
                      for text in _known(schema["properties"][key], found[key], root)]


def _schema(name: str, texts: Iterable[str]) -> list[str]:
    """By the distribution's validator: nothing, or what is wrong with any of the texts."""
    schema = SCHEMAS / f"{name}.json"
    with tempfile.TemporaryDirectory() as place:
        files = []
        for number, text in enumerate(texts):
            files += ["-i", f"{place}/{number}.json"]
            with open(files[-1], "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(["/usr/bin/jsonschema", "--base-uri", f"{SCHEMAS.as_uri()}/", *files, schema], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wrong = [done.stdout.strip()] if done.returncode else []
    root = json.loads(schema.read_text(encoding="utf-8"))
    wrong += [failure for text in texts for failure in _known(root, json.loads(text), root)]
    return [f"not as docs/schema/{name}.json says: {failure}" for failure in wrong]


def _extent(point: Checkpoint, extent: dict[str, Any]) -> Iterator[str]:
    """One extent against the DAX devices."""
    start, end = int(extent["start"], 0), int(extent["end"], 0) + 1
    pieces = point.owner_map(start, end)
    name = f"list says that {extent['start']} is {extent['state']} by {extent['owner']}"
    if extent["size"] != end - start:
        yield f"{name}, of {extent['size']} bytes"
    if extent["state"] != "owned":
        if any(owner != "none" for _, _, owner, _, _ in pieces):
            yield f"{name}, but {pieces} are there"
        return
    if point.uncovered(start, end) or any(owner not in (extent["owner"], "none") for _, _, owner, _, _ in pieces):
        yield f"{name}, but {pieces} are there"
    if (extent.get("device"), extent.get("driver")) not in {(device, driver) for *_, driver, device in pieces}:
        yield f"{name} with {extent.get('device')} under {extent.get('driver')}, but {pieces} are there"


def _listed(point: Checkpoint, listed: dict[str, Any], ranges: list[Span], stranded: int) -> Iterator[str]:
    for extent in listed["extents"]:
        yield from _extent(point, extent)
    for start, end in ranges:
        there = sum(max(0, min(end, int(extent["end"], 0) + 1) - max(start, int(extent["start"], 0)))
                    for extent in listed["extents"])
        if there < end - start - 2 * (2 << 20):     # odd ends have no owner
            yield f"list has only {there:#x} bytes of {start:#x}-{end - 1:#x}"
    if listed["stranded_bytes"] != stranded:
        yield f"list says that {listed['stranded_bytes']} bytes are stranded, {stranded} are"
    online = sum(extent["online_bytes"] for extent in listed["extents"])
    if online != (there := point.memory_state("online", ranges)):
        yield f"list says that {online} bytes are online, {there} are"


def _checked(check: Command, listed: dict[str, Any], stranded: int) -> Iterator[str]:
    wrong = any(extent["state"] == "owned" and extent.get("expected", extent["owner"]) != extent["owner"]
                for extent in listed["extents"])
    expected = CRITICAL if stranded else WARNING if wrong else OK
    if check.status != expected:
        yield f"check ends with {check.status}, should with {expected}: {check.output.strip()}"
    if check.output.count("\n") != 1 or " | " not in check.output:
        yield f"check prints {check.output!r}"


def _explained(listed: dict[str, Any], explained: Command) -> Iterator[str]:
    """Each extent that list has, with a rule, and commands that can be typed."""
    if explained.status:
        yield f"explain --json ends with {explained.status}"
        return
    yield from _schema("explain", [explained.output])
    shown = json.loads(explained.output)
    extents = [one["extent"] for one in shown["explained"]]
    if extents != listed["extents"]:
        yield f"explain has {extents}, list of {listed['extents']}"
    for one in shown["explained"]:
        if not one["rule"] or not one["change"]:
            yield f"explain has nothing to say of {one['extent']['start']}"
        if one["extent"]["state"] == "stranded" and not one["findings"]:
            yield f"explain does not know what to do about {one['extent']['start']}"
    committed = {region["region"] for region in shown["regions"] if region["committed"]}
    if missing := {name for extent in extents for name in extent["regions"]} - committed:
        yield f"explain does not know {missing}"


def judge(point: Checkpoint, ranges: list[Span], stranded: int) -> list[str]:
    """What is wrong with the command's output at a settled checkpoint; ranges as (start, end), bytes stranded."""
    listing = point.commands["list --json"]
    text, status = listing.output, listing.status
    if not ranges:
        rights = (("list --json", 0), ("explain --json", UNAVAILABLE))
        return [f"{command} ends with {ended}" for command, right in rights
                if (ended := point.commands[command].status) != right]
    if status:
        return [f"list --json ends with {status}"]
    listed = json.loads(text)
    return [*_schema("list", [text]), *_listed(point, listed, ranges, stranded), *_checked(point.commands["check"], listed, stranded),
            *_explained(listed, point.commands["explain --json"]),
            *([] if point.commands["metrics"].output.endswith("# EOF\n") else ["metrics breaks off"])]


def judge_audit(point: Checkpoint, records: list[Record]) -> list[str]:
    """dax-owner audit --json, asked after the last checkpoint, against journalctl -o json."""
    audit = point.commands["audit --json"]
    text, status = audit.output, audit.status
    if status != (0 if records else UNAVAILABLE):
        return [f"ends with {status}: {text}"]
    lines = text.splitlines() if records else []
    shown = [json.loads(line) for line in lines]
    shown = [(record["event"], record["message"], record["boot_us"]) for record in shown]
    kept = [(record["DAX_OWNER_EVENT"], record["MESSAGE"], int(record["DAX_OWNER_BOOT_USEC"])) for record in records]
    if shown != kept:
        return [f"shows {shown}, the journal has {kept}"]
    return _schema("audit", lines) if lines else []


def judge_lines(schema: str, text: str) -> list[str]:
    """What a step has printed: a line of JSON each, at least one."""
    lines = text.splitlines()
    return _schema(schema, lines) if lines else ["no JSON is printed"]
