"""The last wall before paper: no whole identity number, account or telephone number is printed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from fupin.lib.masking import mask_id_no, mask_phone

_NEVER: Final = frozenset({"bank_name", "bank_account", "sign_file", "danger_report"})
"""Fields that no sheet of paper carries."""

_NUMBERS: Final = frozenset({"household_no", "member_no", "village_code"})
"""Numbers that the register itself has given: they name a card, not a person."""

_CODES: Final = frozenset(
    {"nat_household_id", "project_no", "coop_code", "leading_ent_code", "certificate_no", "number"}
)
"""Codes from elsewhere: they are long by nature, so only an identity number is taken out of them."""

_PHONES: Final = frozenset({"phone", "head_phone"})
_IDS: Final = frozenset({"id_no", "disability_no"})

_GAP: Final = r"[\s\u3000-]?"
_ID: Final = re.compile(  # six digits, a date of 1800–2099, three digits, a check character
    rf"(?:\d{_GAP}){{6}}(?:[1１]{_GAP}[89８９]|[2２]{_GAP}[0０]){_GAP}(?:\d{_GAP}){{2}}"
    rf"(?:[0０]{_GAP}[1-9１-９]|[1１]{_GAP}[0-2０-２]){_GAP}(?:[0-3０-３]{_GAP}\d){_GAP}(?:\d{_GAP}){{3}}[\dXxＸｘ]"
)
_LONG: Final = re.compile(r"(?:\d[\s\u3000]?){14,}[\dXxＸｘ]")
_MOBILE: Final = re.compile(rf"(?<!\d)[1１]{_GAP}[3-9３-９]{_GAP}(?:\d{_GAP}){{8}}\d(?!\d)")


def redacted(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as it may be printed, field by field, lists and parts of it alike."""
    return {name: _value(name, value) for name, value in record.items() if name not in _NEVER}


def _value(name: str, value: Any) -> Any:
    match value:
        case Mapping():
            return redacted(value)
        case list() | tuple():
            return [_value(name, item) for item in value]
        case str() if name in _NUMBERS:
            return value
        case str() if name in _IDS:
            return mask_id_no(value)
        case str() if name in _PHONES:
            return mask_phone(value)
        case str() if name in _CODES:
            return _ID.sub(_first_six, value)
        case str():
            return _MOBILE.sub(_last_four, _LONG.sub(_first_six, _ID.sub(_first_six, value)))
        case _:
            return value


def _first_six(found: re.Match[str]) -> str:
    return "".join(character for character in found[0] if character.isdigit())[:6] + "*" * 12


def _last_four(found: re.Match[str]) -> str:
    return mask_phone("".join(character for character in found[0] if character.isdigit()))
