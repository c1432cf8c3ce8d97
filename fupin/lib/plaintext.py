"""Text as people type it, made plain: full-width letters and digits, odd spaces."""

import re
from typing import Final

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SPACES: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def plain(text: str) -> str:
    """Return the text in half-width characters, without invisible ones, spaces single, none at the ends.

    For numbers and codes; prose would lose its Chinese punctuation.
    """
    if text.isascii() and text.isprintable():  # nothing to make plain but the spaces
        return " ".join(text.split())
    return _SPACES.sub(" ", _INVISIBLE.sub("", text).translate(_FULL_WIDTH)).strip()


def tight(text: str) -> str:
    """Return the text as `plain` does, without any space: for numbers that were typed in groups."""
    if text.isascii() and text.isalnum():
        return text
    return plain(text).replace(" ", "")


def holds_control(text: str) -> bool:
    """Tell whether the text holds characters that cannot be printed, line breaks and tabs excepted."""
    return any((ord(char) < 32 and char not in "\n\r\t") or ord(char) == 127 for char in text)
