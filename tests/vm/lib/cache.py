# SPDX-License-Identifier: GPL-2.0-only
"""Where built things are kept, and which kernels the guest root holds."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dax-owner"


@dataclass(frozen=True)
class Target:
    """A kernel to build for, and for lts and newest, to boot."""
    label: str
    version: str
    headers: Path
    vmlinuz: Path


def guest_root():
    """The Debian guest root, built by scripts/lib/guest-root if need be."""
    answer = subprocess.run([TOP / "scripts/lib/guest-root"], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.returncode)     # it has said why, in one line
    return Path(answer.stdout.strip())


def targets(root):
    """label -> Target, from the targets file beside the root."""
    found = {}
    for line in (root.parent / "targets").read_text(encoding="utf-8").splitlines():
        label, version, headers, vmlinuz = line.split("\t")
        found[label] = Target(label, version, root / headers.lstrip("/"), root / vmlinuz.lstrip("/"))
    return found


def own_kernel(name, label):
    """A kernel of tests/kernels of a label as a Target, built by scripts/lib/own-kernel if need be."""
    answer = subprocess.run([TOP / "scripts/lib/own-kernel", name, label], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.returncode)
    home = Path(answer.stdout.strip())
    return Target(label, (home / "version").read_text(encoding="utf-8").strip(), home / "tree", home / "vmlinuz")


# What a build in kernel/ leaves behind is no source.
BUILT = ("*.o", "*.ko", "*.mod", "*.mod.c", "*.cmd", "*.symvers", "modules.order", ".tmp_*", "__pycache__",
         "*.gcno")


def tree_hash(paths):
    """A short hash over the names, modes and contents of files and of trees of files."""
    digest = hashlib.sha256()
    for top in paths:
        files = [top] if top.is_file() else sorted(
            path for path in top.rglob("*")
            if path.is_file() and not any(path.match(pattern) for pattern in BUILT))
        for path in files:
            digest.update(f"{path.relative_to(top.parent)} {path.stat().st_mode:o}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
