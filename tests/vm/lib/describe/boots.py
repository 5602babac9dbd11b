# SPDX-License-Identifier: GPL-2.0-only
"""tests/vm/server/boots.toml: boots of a machine on which packages come and go, each after another. Read and checked."""

import copy
import tomllib
from dataclasses import dataclass, field
from typing import Any

from ..places import TOP
from . import scenario

FILE = TOP / "tests/vm/server/boots.toml"
DRIVERS = {"ours": "ours", "in-tree": "reference"}


@dataclass
class Boot:
    """One boot: what was done to the machine before, and what it must come up with. own: the kernel is none of Debian's.
    quick: it and what comes after it is for every run."""
    name: str
    after: str | None
    kernel: str
    variant: str
    prepare: str
    own: bool
    quick: bool
    case: scenario.Scenario
    then: "list[Boot]" = field(default_factory=list)


def _boot(base: scenario.Scenario, table: dict[str, Any]) -> Boot:
    where = f"{FILE}: {table.get('name')}"
    scenario.check_keys(where, table, ("name", "after", "kernel", "drivers", "prepare", "own_kernel", "quick", "cmdline", "command", "moved", "dmesg",
                                       "stranded", "owner", "driver", "step"))
    variant = DRIVERS[table["drivers"]]
    case = copy.deepcopy(base)
    case.name, case.daemon, case.timeout, case.step_timeout = table["name"], False, 3600, 1800
    case.cmdline = case.cmdline + table.get("cmdline", [])
    case.dmesg = table.get("dmesg", [])
    case.command, case.moved = table.get("command", True), table.get("moved", False)
    kernel = table["kernel"]
    if "owner" in table:
        whole = {"at": "W0", "size": "1G"} | {key: table[key] for key in ("owner", "driver") if key in table}
        case.reference[kernel] = scenario.read_expectation(where, {"stranded": table["stranded"], "owners": [whole]})
    case.steps = [scenario.read_step(f"{where}: step {step.get('name')}", step) for step in table.get("step", [])]
    for step in case.steps:
        # whatever is installed or removed: who owns memory keeps it
        step.expect, step.reference = case.expect, case.reference
    return Boot(table["name"], table.get("after"), kernel, variant, table.get("prepare", ""), table.get("own_kernel", False),
                table.get("quick", False), case)


def load() -> list[Boot]:
    """The boots, as trees: returns the first of each."""
    try:
        top = tomllib.loads(FILE.read_text(encoding="utf-8"))
        base = scenario.load(scenario.files()[top["scenario"]])
        boots = {table["name"]: _boot(base, table) for table in top["boot"]}
        for boot in boots.values():
            if boot.after:
                boots[boot.after].then.append(boot)
        return [boot for boot in boots.values() if not boot.after]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise scenario.ScenarioError(f"{FILE}: {error.__class__.__name__}: {error}") from error
