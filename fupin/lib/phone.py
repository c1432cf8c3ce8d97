"""Chinese telephone numbers: mobiles and landlines."""

import re
from typing import Final

from fupin.lib.plaintext import tight

PATTERN: Final = r"1\d{10}|0\d{2,3}-?\d{7,8}"
_PHONE: Final = re.compile(PATTERN, re.ASCII)


def normal(text: str) -> str:
    """Return the number without spaces and with plain digits and hyphen."""
    return tight(text).replace("—", "-").replace("–", "-")


def is_phone(number: str) -> bool:
    """Tell whether the number is a mobile (`1` and ten digits) or a landline (`0351-1234567`)."""
    return _PHONE.fullmatch(number) is not None
