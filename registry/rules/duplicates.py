"""When two cards are likely to speak of one household or one person, whom the ID number does not give away (lessons.md 8–10).

The same ID number twice is refused by the database. Here stands what remains: one person under two numbers, members who left one
household and stand in another (拆户), an account or a telephone given by two. The queries of `registry.reports.duplicates` are the twins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from fupin.divisions.codes import Level, cut
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import ChangeType
from registry.codes.duplicates import DuplicateSign as Sign

WEIGHTS: Final = {
    Sign.NAME_VILLAGE: 5,
    Sign.SPLIT: 4,
    Sign.ACCOUNT: 3,
    Sign.NAME_COUNTY: 2,
    Sign.PHONE: 1,
}
"""How much each sign weighs in the order of the queue; the order is this system's own."""

ALL_PAIRS_UP_TO: Final = 3
"""Of so many households with one account each pair is looked at; of more, each with the first, so that no flood comes of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a card has him: the household and its village, who he is, whether he still counts there."""

    household: int
    village: int
    name_pinyin: str
    sex: str
    birth_date: date | None
    id_no_index: bytes
    change_type: str = ""
    counted: bool = True


@cites("§1", "精准识别、动态管理的原则，准确摸清全省农村贫困人口底数")
def name_sign(one: Person, other: Person) -> Sign | None:
    """Return the sign of one person on two cards: name in pinyin, sex and birth date agree, both count, in one county.

    Pinyin, because the second card is often written by ear. Without a birth date nothing can be told.
    """
    alike = (one.name_pinyin, one.sex, one.birth_date) == (other.name_pinyin, other.sex, other.birth_date)
    if not (alike and one.name_pinyin and one.birth_date and one.counted and other.counted):
        return None
    if one.household == other.household or cut(one.village, Level.COUNTY) != cut(other.village, Level.COUNTY):
        return None
    return Sign.NAME_VILLAGE if one.village == other.village else Sign.NAME_COUNTY


@cites("§1", "精准识别、动态管理的原则，准确摸清全省农村贫困人口底数")
def split_sign(left: Person, stands: Person) -> Sign | None:
    """Return the sign of 拆户: a member moved out of a household (CL23 08) and the same ID number counts in another.

    Who marries into another household leaves by 02 and is no sign. A merger leaves no sign either: the emptied household stands no more.
    """
    went = left.change_type == ChangeType.MOVED_OUT and not left.counted and stands.counted
    same = left.id_no_index == stands.id_no_index and left.household != stands.household
    here = cut(left.village, Level.COUNTY) == cut(stands.village, Level.COUNTY)
    return Sign.SPLIT if went and same and here else None


def pairs_by_account(households: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs to look at among households that gave one bank account."""
    all_of_them = sorted(set(households))
    if len(all_of_them) <= ALL_PAIRS_UP_TO:
        return set(combinations(all_of_them, 2))
    return {(all_of_them[0], other) for other in all_of_them[1:]}


def pairs_by_phone(households: Iterable[int], *, year: int) -> set[tuple[int, int]]:
    """Return the pairs among households that gave one telephone.

    On more households than the standard warns of (§1.5) it is nobody's own, a clerk's or a shop's, and a question of its own.
    """
    all_of_them = sorted(set(households))
    return (
        set(combinations(all_of_them, 2)) if len(all_of_them) <= figure("phone_households", year) else set()
    )


def weight(signs: Collection[str]) -> int:
    """Return how much the signs of a pair weigh together."""
    return sum(WEIGHTS[Sign(sign)] for sign in set(signs))


def common_division(one: int, other: int) -> int:
    """Return the lowest division that both villages lie in: whoever sees less than both sees nothing of the pair."""
    for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.CITY):
        if cut(one, level) == cut(other, level):
            return cut(one, level)
    return cut(one, Level.PROVINCE)


def is_open(signs: Sequence[str], decision: str, decided_signs: Collection[str]) -> bool:
    """Tell whether a pair waits to be looked at: undecided, or with a sign that was not there when it was decided."""
    return not decision or not set(signs) <= set(decided_signs)
