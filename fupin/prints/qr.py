"""QR codes (ISO/IEC 18004) for the short lines on printed sheets: versions 2 to 4, level M, alphanumeric."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@dataclass(frozen=True, slots=True)
class Version:
    """What a version fixes at level M: modules a side, blocks, data and correction bytes a block."""

    size: int
    blocks: int
    data: int
    correction: int

    @property
    def room(self) -> int:
        """Return the characters that fit: 4 bits of mode, 9 of length, 11 for two characters, 6 for one."""
        bits = self.blocks * self.data * 8 - 13
        return bits // 11 * 2 + (bits % 11 >= 6)


VERSIONS: Final = (Version(25, 1, 28, 16), Version(29, 1, 44, 26), Version(33, 2, 32, 18))


def encode(text: str) -> list[int]:
    """Return the rows of the code, each an integer whose highest bit is the leftmost module, 1 being dark.

    Mask 0 always: a reader takes the mask from the code. Raises ValueError for other characters and
    for texts of more than 90.
    """
    version = next((v for v in VERSIONS if len(text) <= v.room), None)
    if version is None:
        raise ValueError(f"{len(text)} characters do not fit a QR code of this size")
    rows, free = _frame(version.size)
    for (x, y), dark in zip(free, _bits(_codewords(text, version)), strict=False):
        rows[y][x] = dark
    for x, y in free:
        rows[y][x] ^= (x + y) % 2 == 0
    return [int("".join("1" if dark else "0" for dark in row), 2) for row in rows]


def svg_path(rows: list[int]) -> str:
    """Return the dark modules as an SVG path, a module being one unit: vectors stay sharp on any printer."""
    size, parts = len(rows), []
    for y, row in enumerate(rows):
        x = 0
        while x < size:
            run = 0
            while x + run < size and row >> (size - 1 - x - run) & 1:
                run += 1
            if run:
                parts.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run or 1
    return "".join(parts)


# ---- Words -----------------------------------------------------------------------------------------


def _codewords(text: str, version: Version) -> list[int]:
    """Return the bytes of the code: data, padded, then correction, the blocks interleaved byte by byte."""
    try:
        values = [ALPHANUMERIC.index(character) for character in text]
    except ValueError as error:
        raise ValueError(f"no alphanumeric QR text: {text!r}") from error
    capacity = version.blocks * version.data * 8
    stream = "0010" + format(len(values), "09b")
    for at in range(0, len(values) - 1, 2):
        stream += format(values[at] * 45 + values[at + 1], "011b")
    if len(values) % 2:
        stream += format(values[-1], "06b")
    stream += "0" * min(4, capacity - len(stream))
    stream += "0" * (-len(stream) % 8)
    data = [int(stream[at : at + 8], 2) for at in range(0, len(stream), 8)]
    data += [(236, 17)[k % 2] for k in range(capacity // 8 - len(data))]
    blocks = [data[at : at + version.data] for at in range(0, len(data), version.data)]
    corrections = [correction(block, version.correction) for block in blocks]
    return [byte for group in (blocks, corrections) for column in zip(*group, strict=True) for byte in column]


def _bits(words: list[int]) -> Iterator[bool]:
    for word in words:
        for shift in range(7, -1, -1):
            yield bool(word >> shift & 1)


def _powers() -> tuple[list[int], list[int]]:
    """Return exponents and logarithms of GF(256) modulo x⁸ + x⁴ + x³ + x² + 1."""
    exponents, logarithms, x = [0] * 510, [0] * 256, 1
    for power in range(255):
        exponents[power] = exponents[power + 255] = x
        logarithms[x] = power
        x = x << 1 ^ (285 if x & 128 else 0)
    return exponents, logarithms


_EXP, _LOG = _powers()


def _times(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def correction(data: list[int], length: int) -> list[int]:
    """Return the Reed–Solomon correction bytes: what is left of the data divided by the generator."""
    generator = [1]
    for power in range(length):
        shifted = [*generator, 0]
        for at, coefficient in enumerate(generator):
            shifted[at + 1] ^= _times(coefficient, _EXP[power])
        generator = shifted
    remainder = [0] * length
    for byte in data:
        lead = byte ^ remainder[0]
        remainder = [*remainder[1:], 0]
        for at in range(length):
            remainder[at] ^= _times(generator[at + 1], lead)
    return remainder


# ---- Modules ---------------------------------------------------------------------------------------

_FORMAT: Final = 0b101010000010010
"""Level M, mask 0, with its BCH code and the standard's own mask."""


def _frame(size: int) -> tuple[list[list[bool]], list[tuple[int, int]]]:
    """Return the code without its data, and the free modules in the order of reading."""
    cells: list[list[bool | None]] = [[None] * size for _ in range(size)]
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        for y in range(max(top - 1, 0), min(top + 8, size)):
            for x in range(max(left - 1, 0), min(left + 8, size)):
                cells[y][x] = max(abs(x - left - 3), abs(y - top - 3)) not in (2, 4)
    for at in range(8, size - 8):
        cells[6][at] = cells[at][6] = at % 2 == 0
    centre = size - 7
    for y in range(centre - 2, centre + 3):
        for x in range(centre - 2, centre + 3):
            cells[y][x] = max(abs(x - centre), abs(y - centre)) != 1
    for bit in range(15):
        dark = bool(_FORMAT >> bit & 1)
        along = bit if bit < 6 else bit + 1
        if bit < 8:
            cells[along][8] = cells[8][size - 1 - bit] = dark
        else:
            cells[8][7 if bit == 8 else 14 - bit] = cells[size - 15 + bit][8] = dark
    cells[size - 8][8] = True
    free = [(x, y) for x, y in _reading(size) if cells[y][x] is None]
    return [[bool(cell) for cell in row] for row in cells], free


def _reading(size: int) -> Iterator[tuple[int, int]]:
    """Walk the code as it is read: two columns at a time from the right, up and down in turn."""
    upwards = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for step in range(size):
            y = size - 1 - step if upwards else step
            yield right, y
            yield right - 1, y
        upwards = not upwards
