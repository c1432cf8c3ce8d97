"""Pinyin keys for searching and sorting: letters only, no tones, ü as v."""

import os
import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Final, NamedTuple

_PLACES: Final = {
    "长治": [["cháng"], ["zhì"]],
    "长治市": [["cháng"], ["zhì"], ["shì"]],
    "长子": [["zhǎng"], ["zǐ"]],
    "长子县": [["zhǎng"], ["zǐ"], ["xiàn"]],
    "洪洞": [["hóng"], ["tóng"]],
    "洪洞县": [["hóng"], ["tóng"], ["xiàn"]],
    "繁峙": [["fán"], ["shì"]],
    "繁峙县": [["fán"], ["shì"], ["xiàn"]],
}
"""Names of Shanxi that the dictionary reads wrongly."""

_SURNAMES: Final = {
    "单": "shan", "解": "xie", "仇": "qiu", "曾": "zeng", "查": "zha", "区": "ou", "朴": "piao", "覃": "qin",
    "缪": "miao", "员": "yun", "盖": "ge", "秘": "bi", "种": "chong", "折": "she", "洗": "xian", "冼": "xian",
    "宿": "su", "尉": "wei", "卜": "bu", "乜": "nie", "黑": "he", "繁": "po", "长": "zhang", "翟": "zhai",
    "郇": "xun", "隗": "wei", "朝": "chao", "么": "yao", "那": "na", "晁": "chao", "都": "du", "会": "gui",
}  # fmt: skip
"""Single-character surnames whose reading as a surname differs, or that must not follow a phrase."""

_DOUBLE_SURNAMES: Final = {
    "令狐": ("ling", "hu"), "欧阳": ("ou", "yang"), "司马": ("si", "ma"), "上官": ("shang", "guan"),
    "诸葛": ("zhu", "ge"), "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "呼延": ("hu", "yan"),
    "皇甫": ("huang", "fu"), "公孙": ("gong", "sun"), "慕容": ("mu", "rong"), "司徒": ("si", "tu"),
    "东方": ("dong", "fang"), "夏侯": ("xia", "hou"), "澹台": ("tan", "tai"), "万俟": ("mo", "qi"),
    "宇文": ("yu", "wen"), "拓跋": ("tuo", "ba"), "西门": ("xi", "men"), "南宫": ("nan", "gong"),
}  # fmt: skip

_CHARACTERS: Final = {"岢": "kě", "隰": "xí", "峁": "mǎo", "墕": "yàn", "圪": "gē"}


class Keys(NamedTuple):
    """Search keys of a name: `zhangsan` and `zs`."""

    full: str
    initials: str


def name_keys(name: str) -> Keys:
    """Return the keys of a person's name, its surname read as a surname (单 shan, 员 yun, 解 xie)."""
    if double := _DOUBLE_SURNAMES.get(name[:2]):
        return _joined((*double, *_syllables(name[2:])))
    if single := _SURNAMES.get(name[:1]):
        return _joined((single, *_syllables(name[1:])))
    return _joined((*_syllables(name[:1]), *_syllables(name[1:])))


def place_keys(name: str) -> Keys:
    """Return the keys of a place's name, read as one phrase (长治 changzhi, 洪洞 hongtong)."""
    return _joined(_syllables(name))


@lru_cache(maxsize=65_536)
def _syllables(text: str) -> tuple[str, ...]:
    """Return the text's syllables in lower-case letters and digits, other characters dropped."""
    return tuple(cleaned for syllable in _reader()(text) if (cleaned := _ODD.sub("", syllable)))


@cache
def _reader() -> Callable[[str], list[str]]:
    """Return what reads characters; its dictionary takes 55 MB, so only a process that reads a name pays for it."""
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

    load_phrases_dict(_PLACES)
    load_single_dict({ord(character): reading for character, reading in _CHARACTERS.items()})
    return partial(lazy_pinyin, style=Style.NORMAL, errors=str.lower)


_ODD: Final = re.compile("[^a-z0-9]")


def _joined(syllables: tuple[str, ...]) -> Keys:
    return Keys("".join(syllables), "".join(syllable[0] for syllable in syllables))
