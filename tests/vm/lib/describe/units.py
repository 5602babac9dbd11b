# SPDX-License-Identifier: GPL-2.0-only
"""Sizes and addresses as scenario files write them.

A size is "512M", "1G", "1536M", "0x40000000" or a number of bytes. An address is a
sum: "W0", "W1-256M", "0x140000000". W<n> is the base of CXL window n, which only the
booted machine knows, so an address stays symbolic until the guest has reported the bases.
"""

import re
from typing import Sequence

# From the first byte to the byte behind the last one
Span = tuple[int, int]

_SUFFIX = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(text: str | int) -> int:
    """Bytes of a size; ValueError says what is wrong."""
    if isinstance(text, int):
        return text
    match = re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)([KMGT]?)", text.strip())
    if not match:
        raise ValueError(f"not a size: {text!r}")
    return int(match[1], 0) * _SUFFIX[match[2]]


class Address:
    """A symbolic address: an optional window and an offset in bytes."""

    def __init__(self, text: str | int) -> None:
        self.window: int | None = None
        self.offset = 0
        self.text = str(text)
        terms = re.findall(r"([+-]?)\s*([^+\-\s]+)", self.text)
        if not terms:
            raise ValueError(f"not an address: {text!r}")
        for sign, term in terms:
            window = re.fullmatch(r"W(\d+)", term)
            if window and sign != "-" and self.window is None:
                self.window = int(window[1])
            else:
                self.offset += -size(term) if sign == "-" else size(term)

    def shell(self) -> str:
        """The address as an arithmetic expression of the firmware's shell."""
        base = f"W{self.window} + " if self.window is not None else ""
        return f"$(({base}{self.offset}))"

    def resolve(self, windows: Sequence[Span]) -> int:
        """The number, given the list of (base, end) the guest reported."""
        return self.offset + (windows[self.window][0] if self.window is not None else 0)


def table_bytes(text: str) -> list[str]:
    """Bytes of a table, as words for the firmware's shell: hexadecimal digits as they are, and
    each {ADDRESS}, eight bytes of it, as @ and an arithmetic expression."""
    words = []
    for part in re.findall(r"\{[^}]*\}|[^{]+", text):
        if part.startswith("{"):
            words.append("@" + Address(part[1:-1]).shell())
            continue
        digits = "".join(part.split())
        if len(bytes.fromhex(digits)):
            words.append(digits)
    return words


def size_text(count: int | None) -> str:
    """A number of bytes in the largest unit that shows it exactly."""
    if count is None:
        return "-"
    for suffix in "TGMK":
        unit = _SUFFIX[suffix]
        if count and count % unit == 0:
            return f"{count // unit}{suffix}"
    return f"{count / (1 << 20):.1f}M" if count >= 1 << 20 else str(count)
