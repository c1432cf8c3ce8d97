"""A card as it was given, made ready to be checked and stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from fupin.lib import bankcard, idnumber, phone
from fupin.lib.masking import is_masked
from registry.rules.card import Card, Income, MemberCard
from registry.rules.people import NUMBERED

_NORMAL: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "id_no": idnumber.normal,
        "disability_no": idnumber.normal,
        "phone": phone.normal,
        "bank_account": bankcard.normal,
    }
)


def prepared(
    card: Card,
    *,
    known: Mapping[str, MemberCard] = MappingProxyType({}),
    filler: str | None = None,
    on: date | None = None,
) -> Card:
    """Return a copy with plain numbers, amounts summed from lines, 性别 and 出生日期 from ID numbers.

    `known` are the stored members by 人编号: whoever sends a masked number means their birth date. `filler`
    and `on` stand in for 填表人、填表日期 that nobody gave.
    """
    return replace(
        card,
        phone=_normal("phone", card.phone),
        bank_account=_normal("bank_account", card.bank_account),
        filler=card.filler or filler,
        fill_date=card.fill_date or on,
        income=summed(card.income),
        members=tuple(_prepared_member(member, known.get(member.member_no or "")) for member in card.members),
    )


def summed(income: Income) -> Income:
    """Return the income with each amount that has lines set to their sum."""
    sums: dict[str, Decimal] = {}
    for line in income.lines:
        sums[line.kind] = sums.get(line.kind, Decimal(0)) + line.amount
    return replace(income, **sums)  # type: ignore[arg-type]  # every kind of line is an amount


def _prepared_member(member: MemberCard, stored: MemberCard | None) -> MemberCard:
    number = _normal("id_no", member.id_no)
    sex, birth_date = member.sex, member.birth_date
    if number and is_masked(number) and stored is not None:
        sex, birth_date = sex or stored.sex, birth_date or stored.birth_date
    elif number and member.id_type in NUMBERED and (holder := idnumber.read(number[:18])):
        sex, birth_date = sex or holder.sex, birth_date or holder.birth_date
    return replace(
        member,
        id_no=number,
        disability_no=_normal("disability_no", member.disability_no),
        phone=_normal("phone", member.phone),
        sex=sex,
        birth_date=birth_date,
    )


def _normal(name: str, value: str | None) -> str | None:
    return _NORMAL[name](value) or None if value else None


def by_member_no(members: Iterable[MemberCard]) -> dict[str, MemberCard]:
    """Return members by 人编号."""
    return {member.member_no: member for member in members if member.member_no}
