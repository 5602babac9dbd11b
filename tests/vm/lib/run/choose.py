# SPDX-License-Identifier: GPL-2.0-only
"""Which scenarios to boot, with what, and on which kernels."""

from argparse import Namespace
from typing import Collection, Sequence

from ..describe import scenario
from ..describe.scenario import Scenario
from ..judge.outcome import Outcome


def load_scenarios(names: list[str], debug: bool, daemon: bool, full: bool) -> list[Scenario]:
    """The scenarios asked for; planted bugs are for the debug kernel alone. Without names, full adds those that a selection
    leaves out."""
    known = scenario.files()
    for name in names:
        if name not in known:
            raise SystemExit(f"tests/vm/run: no scenario {name!r}; --list shows them")
    cases = [scenario.load(known[name]) for name in (names or known)]
    for case in cases:
        if names and case.planted and not debug:
            raise SystemExit(f"tests/vm/run: {case.name} needs the debug kernel: --debug")
        if case.daemon is None:
            case.daemon = daemon
    return [case for case in cases if (debug or not case.planted) and (names or full or not case.full)]


def kernels_of(case: Scenario, variant: str, place: int, kernels: tuple[str, ...], args: Namespace,
               without: Collection[str] = ()) -> Sequence[str]:
    """The kernels to boot on. Unless all are asked for, it is one of them, in turn, for a scenario that is long or says so, and for
    the kernels' own drivers that are there for the daemon alone. without: kernels that refuse our modules. There the
    daemon has nothing else to be booted with."""
    for_daemon = variant == "reference" and not args.reference and not args.with_reference
    if (case.long or case.turn or for_daemon) and not (args.full or args.name):
        chosen = kernels[place % len(kernels)]
        return [kernel for kernel in kernels if kernel == chosen or (for_daemon and kernel in without)]
    return kernels


def variants_of(case: Scenario, args: Namespace) -> list[str]:
    """What a scenario is booted with: the daemon serves the kernels' own drivers as well as ours."""
    ours = "debug" if args.debug else "ours"
    if args.with_reference or (case.daemon and not args.debug and not args.reference):
        return [ours, "reference"]
    return ["reference" if args.reference else ours]


def outcomes_of(cases: list[Scenario], kernels: tuple[str, ...], args: Namespace, without: Collection[str]) -> list[Outcome]:
    """What is to be booted, in order: an Outcome each, which has no end yet. without: as of kernels_of."""
    return [Outcome(case, kernel, variant, number if args.repeat > 1 else 0)
            for number in range(1, args.repeat + 1) for place, case in enumerate(cases)
            for kernel in kernels
            for variant in variants_of(case, args)
            if kernel in kernels_of(case, variant, place, kernels, args, without)]
