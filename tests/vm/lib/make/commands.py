# SPDX-License-Identifier: GPL-2.0-only
"""Commands on the host that make things, and what they leave."""

import fcntl
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from ..places import CACHE


class ImageError(Exception):
    """An image could not be built; the message says which step and shows its output."""

    def __init__(self, text: str, status: int | None = None, output: str = "") -> None:
        super().__init__(text)
        self.status, self.output = status, output


def run(*command: object, log: Path | None = None) -> str:
    """Run a command; returns what it printed, also put into a log, or ImageError if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    if log:
        with open(log, "a", encoding="utf-8") as out:
            out.write(done.stdout)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise ImageError(f"{' '.join(map(str, command))} failed ({done.returncode}):\n{tail}", done.returncode, done.stdout)
    return done.stdout


@contextmanager
def lock(name: str) -> Iterator[None]:
    """One at a time, of all that run here."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def discard(path: Path) -> None:
    """Remove a directory, and what a run that was killed has left mounted in it."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for where in reversed([Path(line.split()[1]) for line in mounts]):
        if path == where or path in where.parents:
            run("umount", "-l", where)
    shutil.rmtree(path, ignore_errors=True)
