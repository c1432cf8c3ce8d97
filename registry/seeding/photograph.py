"""A picture that stands for the photograph of a notice on its board: drawn, so that nobody takes it for a real one."""

import struct
import zlib
from random import Random
from typing import Final

from registry.seeding.chance import whole

WIDTH: Final = 480
HEIGHT: Final = 320
_WALL: Final = 0
_BOARD: Final = 1
_PAPER: Final = 2
_LINE: Final = 3
_COLOURS: Final = bytes((214, 202, 184, 46, 92, 78, 250, 248, 240, 120, 120, 120))


def photograph(rng: Random) -> bytes:
    """Return a PNG of a sheet of paper on a green board on a wall; where the sheet hangs differs."""
    left, top = whole(rng, 120, 170), whole(rng, 50, 70)
    rows = []
    for y in range(HEIGHT):
        row = bytearray([_WALL]) * WIDTH
        if 24 <= y < HEIGHT - 40:
            row[40 : WIDTH - 40] = bytes([_BOARD]) * (WIDTH - 80)
        if top <= y < top + 180:
            row[left : left + 190] = bytes([_PAPER]) * 190
            at = y - top
            if 18 <= at < 26:
                row[left + 45 : left + 145] = bytes([_LINE]) * 100
            elif 40 <= at < 165 and at % 12 < 2:
                row[left + 16 : left + 174] = bytes([_LINE]) * 158
        rows.append(b"\0" + bytes(row))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", _COLOURS),
            _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
