"""QR codes are read back by an independent reading of the standard: modules → words → text."""

import pytest

from fupin.prints.qr import ALPHANUMERIC, VERSIONS, correction, encode, svg_path


def dark(rows, x, y):
    return rows[y] >> (len(rows) - 1 - x) & 1


def is_function(size, x, y):
    """Tell whether a module belongs to finder, timing, alignment or format, not to the data."""
    corner = (x < 9 and y < 9) or (x >= size - 8 and y < 9) or (x < 9 and y >= size - 8)
    alignment = abs(x - (size - 7)) <= 2 and abs(y - (size - 7)) <= 2
    return corner or alignment or x == 6 or y == 6


def read(rows):
    """Return the text of a code whose mask is 0, after checking that no correction byte disagrees."""
    size = len(rows)
    version = next(v for v in VERSIONS if v.size == size)
    bits, x, upwards = "", size - 1, True
    while x > 0:
        if x == 6:
            x -= 1
        for y in range(size - 1, -1, -1) if upwards else range(size):
            for column in (x, x - 1):
                if not is_function(size, column, y):
                    bits += str(dark(rows, column, y) ^ ((column + y) % 2 == 0))
        upwards = not upwards
        x -= 2
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    count, blocks = version.blocks * version.data, version.blocks
    data = [words[block:count:blocks] for block in range(blocks)]
    for block, content in enumerate(data):
        assert words[count + block :: blocks][: version.correction] == correction(content, version.correction)
    stream = "".join(format(byte, "08b") for block in data for byte in block)
    assert stream[:4] == "0010"
    length, at, text = int(stream[4:13], 2), 13, ""
    while len(text) < length - 1:
        text += (
            ALPHANUMERIC[int(stream[at : at + 11], 2) // 45] + ALPHANUMERIC[int(stream[at : at + 11], 2) % 45]
        )
        at += 11
    return text + (ALPHANUMERIC[int(stream[at : at + 6], 2)] if length % 2 else "")


@pytest.mark.parametrize("length", [1, 2, 22, 23, 37, 38, 39, 61, 62, 90])
def test_a_code_says_what_was_put_in(length):
    text = ("141124101222003703/2014/12/EV9HD9X2XJ88 $%*+-.:" * 2)[:length]
    assert read(encode(text)) == text


@pytest.mark.parametrize(("length", "size"), [(38, 25), (39, 29), (61, 29), (62, 33), (90, 33)])
def test_the_smallest_code_that_holds_the_text_is_taken(length, size):
    assert len(encode("A" * length)) == size


def test_a_known_code():
    """The rows of another encoder (version 2, level M, mask 0), read back by two scanners."""
    assert encode("1411241012220037/2014/3/EV9HD9X2XJ88") == KNOWN


def test_correction_bytes_of_the_standards_example():
    """ISO/IEC 18004, annex I: version 1-M, «01234567»."""
    data = [0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, *[0xEC, 0x11] * 5]
    assert correction(data, 10) == [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55]


@pytest.mark.parametrize("text", ["A" * 91, "户", "lower"])
def test_what_does_not_fit_is_refused(text):
    with pytest.raises(ValueError, match="QR"):
        encode(text)


def test_a_path_covers_exactly_the_dark_modules():
    rows = encode("141124101222/2014/2/PDSXCQ8E09YB")
    painted = set()
    for part in svg_path(rows).split("M")[1:]:
        start, _, rest = part.partition("h")
        x, y = map(int, start.split())
        painted |= {(x + step, y) for step in range(int(rest.split("v")[0]))}
    size = len(rows)
    assert painted == {(x, y) for y in range(size) for x in range(size) if dark(rows, x, y)}


KNOWN = [
    33337727, 17169473, 24396637, 24392541, 24498525,
    17083713, 33379711, 33536, 22302994, 26424228,
    964183, 7556522, 15519965, 3829936, 18841065,
    10686589, 20838901, 76570, 33331549, 17049363,
    24449521, 24434220, 24459669, 17041627, 33412577,
]  # fmt: skip
