# SPDX-License-Identifier: GPL-2.0-only
"""A name for what something is made of."""

import hashlib
from pathlib import Path
from typing import Iterable

# What a build in kernel/ leaves behind is no source.
BUILT = ("*.o", "*.ko", "*.mod", "*.mod.c", "*.cmd", "*.symvers", "modules.order", ".tmp_*", "__pycache__",
         "*.gcno")


def tree_hash(paths: Iterable[Path]) -> str:
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
