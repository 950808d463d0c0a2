"""A few bytes of shared memory that survive the process which wrote them.

The process that calls unknown functions writes here what it is about to call. If it
dies or freezes, the process that watches it can still say during which call.
"""

import mmap
import struct
import time
from pathlib import Path
from typing import Self
from zlib import crc32

__all__ = ["Beacon"]

# The sum over the rest, when it began, how long it may take, the length of the text.
_HEAD = struct.Struct("<IddI")
_SIZE = 4096


class Beacon:
    """A lamp that is lit during a call: who reads it sees the call and its start."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make the file behind a beacon, unlit."""
        path.write_bytes(bytes(_SIZE))
        return cls(path)

    def light(self, text: str, seconds: float = 0.0) -> None:
        """Say what begins now, and how many seconds it may take."""
        data = text.encode("utf-8", "replace")[: _SIZE - _HEAD.size]
        rest = struct.pack("<ddI", time.time(), seconds, len(data)) + data
        page = struct.pack("<I", crc32(rest)) + rest
        self._memory[: len(page)] = page

    def dim(self) -> None:
        """Say that it is over."""
        self._memory[: _HEAD.size] = bytes(_HEAD.size)

    def read(self) -> tuple[str, float]:
        """Return what is under way, and by how many seconds it is late.

        ``("", 0.0)`` if nothing is, or if somebody else wrote into the file; what
        still has time is late by less than nothing.
        """
        page = self._memory[:]
        check, since, seconds, length = _HEAD.unpack_from(page)
        if not since or crc32(page[4 : _HEAD.size + length]) != check:
            return "", 0.0
        text = page[_HEAD.size : _HEAD.size + length].decode("utf-8", "replace")
        return text, time.time() - since - seconds

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
