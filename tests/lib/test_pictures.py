"""Photographs are known by their bytes and lose what the camera hid in them."""

import struct
import zlib

import pytest

from fupin.lib.pictures import JPEG, PNG, NoPicture, type_of, without_hidden_data


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


SHOWN = segment(0xE0, b"JFIF\x00") + segment(0xDB, b"\x00" * 65) + segment(0xC0, b"\x08\x00\x01\x00\x01\x01")
PICTURE = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd9"
EXIF = segment(0xE1, b"Exif\x00\x00 GPS 38.01N 110.98E 2014:04:10")
COMMENT = segment(0xFE, b"13800138000")


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


HEAD = b"\x89PNG\r\n\x1a\n"
DRAWN = chunk(b"IHDR", b"\x00" * 13) + chunk(b"IDAT", b"\x00")
END = chunk(b"IEND", b"")


def test_a_jpeg_keeps_what_is_seen() -> None:
    hidden = b"\xff\xd8" + SHOWN + EXIF + COMMENT + segment(0xED, b"Photoshop") + PICTURE
    assert without_hidden_data(hidden) == b"\xff\xd8" + SHOWN + PICTURE


def test_what_follows_a_jpegs_end_is_no_part_of_it() -> None:
    assert without_hidden_data(b"\xff\xd8" + SHOWN + PICTURE + b"PK\x03\x04 13800138000") == (
        b"\xff\xd8" + SHOWN + PICTURE
    )


def test_a_png_keeps_what_is_seen() -> None:
    texts = chunk(b"tEXt", b"GPS\x0038.01N") + chunk(b"eXIf", b"x") + chunk(b"tIME", b"\x00" * 7)
    assert without_hidden_data(HEAD + DRAWN + texts + END + b"13800138000") == HEAD + DRAWN + END


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"\xff\xd8" + SHOWN,
        b"\xff\xd8" + SHOWN + PICTURE[:-2],
        b"\xff\xd8" + segment(0xE1, b"x" * 40)[:20],
        HEAD,
        HEAD + DRAWN,
        HEAD + DRAWN[:-3],
        HEAD + b"\xff\xff\xff\xffIDAT",
    ],
)
def test_what_is_broken_or_none_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        without_hidden_data(content)


def test_a_picture_is_known_by_its_first_bytes() -> None:
    assert type_of(b"\xff\xd8" + SHOWN) == JPEG
    assert type_of(HEAD) == PNG
