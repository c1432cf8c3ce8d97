"""Codes of other standards and of the policy, by our own codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RELATION_GB: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "02", "02": "10", "03": "20", "04": "30", "05": "38", "06": "28", "07": "41",
        "08": "42", "09": "43", "10": "44", "11": "51", "12": "52", "13": "55", "14": "56",
        "15": "53", "16": "54", "17": "61", "18": "62", "19": "63", "20": "64", "99": "97",
    }
)  # fmt: skip
"""CL06 → GB/T 4761-2008 家庭关系代码."""

ETHNIC_LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "HA", "02": "MG", "03": "HU", "04": "ZA", "05": "UG", "06": "MH", "07": "YI", "08": "ZH",
        "09": "BY", "10": "CS", "11": "MA", "12": "DO", "13": "YA", "14": "BA", "15": "TJ", "16": "HN",
        "17": "HK", "18": "DA", "19": "LI", "20": "LS", "21": "VA", "22": "SH", "23": "GS", "24": "LH",
        "25": "SU", "26": "DX", "27": "NX", "28": "JP", "29": "KG", "30": "TU", "31": "DU", "32": "ML",
        "33": "QI", "34": "BL", "35": "SL", "36": "MN", "37": "GL", "38": "XB", "39": "AC", "40": "PM",
        "41": "TA", "42": "NU", "43": "UZ", "44": "RS", "45": "EW", "46": "DE", "47": "BN", "48": "YG",
        "49": "GI", "50": "TT", "51": "DR", "52": "OR", "53": "HZ", "54": "MB", "55": "LB", "56": "JN",
    }
)  # fmt: skip
"""CL07 → GB 3304-91 letter code."""

MEASURE_ARTICLES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "01": (2,), "02": (2,), "03": (2, 28), "04": (2, 13), "05": (25, 26, 27), "06": (31,), "07": (13,),
        "08": (21, 22, 23), "09": (2,), "10": (2,), "11": (2,), "12": (2,), "13": (19,), "14": (20,),
        "15": (29,), "16": (35,), "17": (36,), "18": (36,), "19": (1,), "20": (8,), "21": (11,),
        "22": (33,), "23": (34,), "24": (32,), "25": (38,), "26": (26,), "99": (),
    }
)  # fmt: skip
"""CL21 → the articles of the policy that each kind of measure comes from."""
