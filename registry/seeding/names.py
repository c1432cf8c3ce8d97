"""Names of people and natural villages as they are heard in Shanxi's countryside; drawn at random, they mean nobody."""

from random import Random
from typing import Final

from fupin.lib.pinyin import Keys, name_keys
from registry.codes import Sex
from registry.seeding.chance import Weighted, one_of, whole

SURNAMES: Final = (
    ("王", 106), ("张", 98), ("李", 92), ("刘", 55), ("赵", 40), ("杨", 30), ("郭", 30), ("高", 24), ("任", 14),
    ("武", 12), ("贾", 14), ("田", 13), ("白", 12), ("冯", 12), ("薛", 12), ("秦", 10), ("马", 18), ("梁", 12),
    ("史", 8), ("乔", 8), ("闫", 12), ("韩", 14), ("陈", 18), ("宋", 12), ("郝", 12), ("侯", 9), ("樊", 8), ("曹", 9),
    ("崔", 8), ("吴", 10), ("孙", 10), ("周", 9), ("胡", 7), ("康", 5), ("雷", 5), ("牛", 7), ("温", 5), ("孟", 5),
    ("段", 6), ("尹", 3), ("邢", 3), ("成", 3), ("苏", 4), ("董", 5), ("卫", 3), ("渠", 2), ("兰", 2), ("解", 2),
    ("员", 1), ("令狐", 1),
)  # fmt: skip

# Characters of given names by generation; one or two of them make a name.
_MALE_OLD: Final = "有根锁拴保林喜贵福生旺满计明海应德全玉候来成厚奴"
_FEMALE_OLD: Final = "兰英莲花梅桂改秀润巧翠香女凤银爱粉玉珍娥叶鱼"
_MALE_MID: Final = "建国军平文志强永红卫东小明亮瑞俊林兵伟峰勇爱民"
_FEMALE_MID: Final = "丽艳芳玲红燕秀霞萍梅爱青翠变平琴连海瑞慧俊娟"
_MALE_YOUNG: Final = "浩宇鑫磊杰鹏博凯晨佳伟超帅亚泽子轩嘉旭文彦龙飞"
_FEMALE_YOUNG: Final = "婷娜雅静佳欣怡雨倩敏洁梦瑶晓慧思琪丹妮楠媛彤"

_HAMLETS: Final = (
    "沟",
    "峁",
    "塔",
    "墕",
    "坪",
    "湾",
    "庄",
    "圪垛",
    "山",
    "梁",
    "崖",
    "底",
    "坡",
    "洼",
    "塬",
    "岔",
)
_SIDES: Final = ("前", "后", "上", "下", "东", "西", "南", "北")

_ALL: Final = Weighted(*SURNAMES)
_ETHNIC: Final = Weighted(("01", 9970), ("03", 18), ("11", 6), ("02", 3), ("06", 2), ("15", 1))

_keys: dict[str, Keys] = {}


class Clans:
    """The surnames of one village: three or four are most of it, as villages are."""

    def __init__(self, rng: Random) -> None:
        main = [_ALL.draw(rng) for _ in range(whole(rng, 2, 4))]
        self._own = Weighted(*((name, 8.0 / (place + 1)) for place, name in enumerate(main)), ("", 3.0))
        self.first = main[0]

    def native(self, rng: Random) -> str:
        """Return the surname of somebody born here."""
        return self._own.draw(rng) or _ALL.draw(rng)

    def married_in(self, rng: Random) -> str:
        """Return the surname of somebody who came from elsewhere."""
        return _ALL.draw(rng)


def given_name(rng: Random, sex: str, born: int) -> str:
    """Return a given name of one or two characters as given in the year of birth."""
    male = sex == Sex.MALE
    if born < 1958:
        characters = _MALE_OLD if male else _FEMALE_OLD
    elif born < 1988:
        characters = _MALE_MID if male else _FEMALE_MID
    else:
        characters = _MALE_YOUNG if male else _FEMALE_YOUNG
    first = one_of(rng, characters)
    if rng.random() < (0.35 if born >= 1970 else 0.15):
        return first
    return first + one_of(rng, characters)


def ethnic(rng: Random) -> str:
    """Return CL07: nearly everybody is Han."""
    return _ETHNIC.draw(rng)


def keys_of(name: str) -> Keys:
    """Return the pinyin keys of a name, reckoned once a process."""
    if (known := _keys.get(name)) is None:
        if len(_keys) > 400_000:
            _keys.clear()
        known = _keys[name] = name_keys(name)
    return known


def hamlets(rng: Random, village: str, clan: str) -> tuple[str, ...]:
    """Return the natural villages of a village: the one it is named for, and up to five more."""
    stem = (
        village.removesuffix("村民委员会").removesuffix("村委会").removesuffix("村").removesuffix("社区")
        or village
    )
    found = [stem]
    for _ in range(whole(rng, 0, 5)):
        name = one_of(rng, _SIDES) + stem[-2:] if rng.random() < 0.4 else f"{clan}家{one_of(rng, _HAMLETS)}"
        if name not in found:
            found.append(name)
    return tuple(found)
