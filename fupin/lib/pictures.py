"""Photographs as they are sent: known by their first bytes, kept without what the camera hid in them."""

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
SUFFIXES: Final = {JPEG: "jpg", PNG: "png"}

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SHOWN_SEGMENTS: Final = frozenset({0xE0, 0xEE})
"""JPEG application segments that a picture needs to be shown: JFIF and Adobe's colours."""
_SHOWN_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
)


class NoPicture(ValueError):
    """The bytes are no JPEG or PNG, or a broken one."""


def type_of(content: bytes) -> str:
    """Return the content type of a JPEG or PNG by its first bytes; raise NoPicture."""
    if content.startswith(_JPEG):
        return JPEG
    if content.startswith(_PNG):
        return PNG
    raise NoPicture("neither JPEG nor PNG")


def without_hidden_data(content: bytes) -> bytes:
    """Return the picture without place, camera, time, thumbnails and comments; raise NoPicture when it is broken."""
    return _bare_jpeg(content) if type_of(content) == JPEG else _bare_png(content)


def _bare_jpeg(content: bytes) -> bytes:
    kept, position = [content[:2]], 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xDA:  # the picture itself; what follows its end mark is no part of it
            end = content.rfind(b"\xff\xd9")
            if end < position:
                break
            return b"".join([*kept, content[position : end + 2]])
        length = 2 + int.from_bytes(content[position + 2 : position + 4])
        is_hidden = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _SHOWN_SEGMENTS)
        if not is_hidden:
            kept.append(content[position : position + length])
        position += length
    raise NoPicture("a JPEG without a picture")


def _bare_png(content: bytes) -> bytes:
    kept, position = [content[:8]], 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4])
        name = content[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(content):
            break
        if name in _SHOWN_CHUNKS:
            kept.append(content[position:end])
        if name == b"IEND":
            return b"".join(kept)
        position = end
    raise NoPicture("a PNG that breaks off")
