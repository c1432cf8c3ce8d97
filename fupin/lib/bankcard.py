"""Bank account numbers as far as they can be told from their digits."""

import re
from typing import Final

from stdnum import luhn

from fupin.lib.plaintext import tight

_CARD: Final = re.compile(r"\d{16,19}", re.ASCII)


def normal(text: str) -> str:
    """Return the number without spaces and hyphens, digits plain."""
    return tight(text).replace("-", "")


def looks_like_card(number: str) -> bool:
    """Tell whether the number is 16 to 19 digits that pass Luhn; a passbook's number need not."""
    return _CARD.fullmatch(number) is not None and bool(luhn.is_valid(number))
