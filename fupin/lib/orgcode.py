"""组织机构代码 (GB 11714) and 统一社会信用代码 (GB 32100-2015) (data standard §1.4)."""

import re
from typing import Final

from stdnum.cn import uscc

from fupin.lib.plaintext import tight

_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_BODY: Final = re.compile(r"[0-9A-Z]{8}", re.ASCII)


def normal(text: str) -> str:
    """Return the code in capitals, without spaces and hyphens."""
    return tight(text).upper().replace("-", "")


def org_check_digit(body: str) -> str:
    """Return the ninth character to the eight of an organisation code; raise ValueError for anything else."""
    if not _BODY.fullmatch(body):
        raise ValueError("not eight digits or capitals")
    remainder = sum(int(char, 36) * weight for char, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return {0: "0", 1: "X"}.get(remainder, str(11 - remainder))


def is_org_code(code: str) -> bool:
    """Tell whether nine characters are an organisation code with its right check digit."""
    return len(code) == 9 and _BODY.fullmatch(code[:8]) is not None and code[8] == org_check_digit(code[:8])


def is_uscc(code: str) -> bool:
    """Tell whether eighteen characters are a unified social credit code with its right check digit."""
    return len(code) == 18 and bool(uscc.is_valid(code))


def agree(org_code: str, uscc_code: str) -> bool:
    """Tell whether both codes are of one body: characters 9 to 17 of the longer are the shorter."""
    return uscc_code[8:17] == org_code
