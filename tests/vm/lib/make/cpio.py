# SPDX-License-Identifier: GPL-2.0-only
"""newc cpio archives, the format of an initramfs. Archives may be concatenated."""

import stat
from pathlib import Path


class Archive:
    """An archive built in memory; entries appear in the order they were added."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._entries: list[tuple[str, int, bytes]] = []
        self._inode = 0
        self._seen: set[str] = set()

    def _entry(self, path: str, mode: int, data: bytes) -> None:
        self._inode += 1
        self._entries.append((path, mode, data))
        name = path.encode() + b"\0"
        head = "070701" + "".join(f"{value:08x}" for value in (
            self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0))
        record = head.encode() + name
        record += b"\0" * (-len(record) % 4)
        self._parts += [record, data, b"\0" * (-len(data) % 4)]

    def directory(self, path: str) -> None:
        """Add a directory and those above it."""
        path = path.strip("/")
        if not path or path in self._seen:
            return
        self.directory(path.rpartition("/")[0])
        self._seen.add(path)
        self._entry(path, stat.S_IFDIR | 0o755, b"")

    def file(self, path: str, data: bytes | str, mode: int = 0o644) -> None:
        """Add a regular file; text is encoded."""
        path = path.strip("/")
        self.directory(path.rpartition("/")[0])
        self._entry(path, stat.S_IFREG | mode, data.encode() if isinstance(data, str) else data)

    def symlink(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        path = path.strip("/")
        self.directory(path.rpartition("/")[0])
        self._entry(path, stat.S_IFLNK | 0o777, target.encode())

    def unpack(self, top: Path, prefix: str) -> None:
        """Put what is below a prefix into a directory; what is there of the same name goes."""
        for path, mode, data in self._entries:
            if not path.startswith(prefix):
                continue
            place = Path(top) / path.removeprefix(prefix)
            if stat.S_ISDIR(mode):
                place.mkdir(exist_ok=True)
                continue
            place.unlink(missing_ok=True)
            if stat.S_ISLNK(mode):
                place.symlink_to(data.decode())
            else:
                place.write_bytes(data)
                place.chmod(stat.S_IMODE(mode))

    def bytes(self) -> bytes:
        """The finished archive."""
        end = Archive()
        end._entry("TRAILER!!!", 0, b"")
        data = b"".join(self._parts + end._parts)
        return data + b"\0" * (-len(data) % 512)
