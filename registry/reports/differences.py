"""What differs between two cards, field by field, in the words of the paper form."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.rules.card import Card, Income, MemberCard
from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.member import MEMBER
from registry.standard.values import present


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with its path in the later card, its name, and both values as text; empty text is 未采集."""

    field: str
    label: str
    old: str
    new: str


def _entered(fields: Iterable[Field], *besides: str) -> tuple[Field, ...]:
    return tuple(f for f in fields if (f.need != "D" and f.kind != "file") or f.name in besides)


_HOUSEHOLD: Final = tuple(f for f in _entered(HOUSEHOLD_YEAR) if f.name != "year")
_INCOME: Final = _entered(INCOME)
_CONDITION: Final = _entered(CONDITION)
_RELOCATION: Final = _entered(RELOCATION)
_MEMBER: Final = _entered(MEMBER, "birth_date")

TOTAL_ONLY: Final = "汇总录入"
"""The item of an amount's single line where only the total is known: it says no more than the amount."""

Key = tuple[str, str, str]
"""Part of the card, whose (a member's number), field: the same field in two cards, wherever it stands."""


RENUMBERED: Final = "（已换号）"


def differences(old: Card, new: Card, *, renumbered: Collection[Key] = ()) -> list[Difference]:
    """Return the fields whose values differ, in the order of the form; members are matched by 人编号.

    `renumbered` are sealed fields that hold another number though their masks may look the same.
    """
    before, after = values_by_key(old), values_by_key(new)
    places = {**_places(old), **_places(new)}
    found = []
    for key in dict.fromkeys((*after, *before)):
        label = (after.get(key) or before[key])[0]
        was, is_now = before.get(key, ("", ""))[1], after.get(key, ("", ""))[1]
        if was == is_now and key in renumbered:
            is_now += RENUMBERED
        if was != is_now:
            found.append(Difference(_path(key, places), label, was, is_now))
    return found


def values_by_key(card: Card) -> dict[Key, tuple[str, str]]:
    """Return every field of a card as its name and its value as text."""
    return dict(_values(card))


def path_of(key: Key, card: Card) -> str:
    """Return where a field stands on a card: `members[2].id_no`; a member who is not on it has his number."""
    return _path(key, _places(card))


def _values(card: Card) -> Iterator[tuple[Key, tuple[str, str]]]:
    yield from _part("", "", _HOUSEHOLD, card)
    for place, member in enumerate(card.members):
        yield from _part("members", _who(place, member), _MEMBER, member, prefix=f"{member.name or '成员'} ")
    yield from _part("income", "", _INCOME, card.income)
    yield from _lines(card.income)
    yield from _part("condition", "", _CONDITION, card.condition)
    if card.relocation is not None:
        yield from _part("relocation", "", _RELOCATION, card.relocation)
        subsidies = "；".join(f"{s.channel} {s.amount:.2f}元" for s in card.relocation.subsidies)
        yield ("relocation", "", "subsidies"), ("各渠道补助", subsidies)
        yield ("relocation", "", "follow_up_note"), ("后续措施说明", card.relocation.follow_up_note or "")


def _part(
    part: str, whose: str, fields: Iterable[Field], values: object, prefix: str = ""
) -> Iterator[tuple[Key, tuple[str, str]]]:
    for field in fields:
        value: Any = getattr(values, field.name)
        yield (part, whose, field.name), (f"{prefix}{field.label}", present(field, value))


def _lines(income: Income) -> Iterator[tuple[Key, tuple[str, str]]]:
    for field in _INCOME:
        texts = [
            f"{line.item} {line.amount:.2f}元" + (f"（{line.evidence}）" if line.evidence else "")
            for line in income.lines
            if line.kind == field.name and line.item != TOTAL_ONLY
        ]
        yield ("income", "", f"lines.{field.name}"), (f"{field.label}明细", "；".join(texts))


def _who(place: int, member: MemberCard) -> str:
    return member.member_no or f"+{place}"


def _places(card: Card) -> Mapping[str, int]:
    return {_who(place, member): place for place, member in enumerate(card.members)}


def _path(key: Key, places: Mapping[str, int]) -> str:
    part, whose, name = key
    if part == "members":
        return f"members[{places.get(whose, whose)}].{name}"
    return f"{part}.{name}" if part else name
