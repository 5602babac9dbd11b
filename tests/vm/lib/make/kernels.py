# SPDX-License-Identifier: GPL-2.0-only
"""The kernels to build for and to boot: those of the guest root, and those of tests/kernels."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..places import TOP


@dataclass(frozen=True)
class Target:
    """A kernel to build for, and for lts and newest, to boot."""
    label: str
    version: str
    headers: Path
    vmlinuz: Path


def guest_root() -> Path:
    """The Debian guest root, built by scripts/lib/guest-root if need be."""
    answer = subprocess.run([TOP / "scripts/lib/guest-root"], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.returncode)     # it has said why, in one line
    return Path(answer.stdout.strip())


def targets(root: Path) -> dict[str, Target]:
    """label -> Target, from the targets file beside the root."""
    found = {}
    for line in (root.parent / "targets").read_text(encoding="utf-8").splitlines():
        label, version, headers, vmlinuz = line.split("\t")
        found[label] = Target(label, version, root / headers.lstrip("/"), root / vmlinuz.lstrip("/"))
    return found


def own_kernel(name: str, label: str) -> Target:
    """A kernel of tests/kernels of a label as a Target, built by tests/kernels/own-kernel if need be."""
    answer = subprocess.run([TOP / "tests/kernels/own-kernel", name, label], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.returncode)
    home = Path(answer.stdout.strip())
    return Target(label, (home / "version").read_text(encoding="utf-8").strip(), home / "tree", home / "vmlinuz")
