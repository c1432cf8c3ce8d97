"""Numbers that the system gives: to households, members, and persons without papers (data standard §1)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.models import Max

from fupin.lib.idnumber import temporary
from registry.codes import IdType
from registry.errors import NumbersExhausted
from registry.models import Household
from registry.rules.card import Card
from registry.services.mapping import member_numbers

_LAST: Final = 9999


def next_household_no(village: int) -> str:
    """Return the village's next 户编号 and keep the village locked until the transaction ends.

    Raise NumbersExhausted when 0001–9999 are given.
    """
    serial = _last_serial("registry_last_household_serial", village) + 1
    if serial > _LAST:
        raise NumbersExhausted("本村户编号 0001–9999 已用完，请报告系统管理员")
    return f"{village}{serial:04}"


def next_member_numbers(household: Household) -> Iterator[str]:
    """Return the 人编号 that the household has not given to anybody yet, those taken off a draft included."""
    given = apps.get_model("registry", "MemberEvent")._default_manager
    last = given.filter(household_id=household.pk).aggregate(last=Max("member_no"))["last"]
    return member_numbers(household.household_no, after=int(last[-2:]) if last else 0)


def with_temporary_numbers(card: Card, village: int) -> Card:
    """Return the card with a temporary number for everybody who has no papers and no number yet.

    Raise NumbersExhausted when the village has given all of its own.
    """
    if not any(_needs_number(member.id_type, member.id_no) for member in card.members):
        return card
    serial = _last_serial("registry_last_temporary_serial", village)
    members = []
    for member in card.members:
        if _needs_number(member.id_type, member.id_no):
            serial += 1
            if serial > _LAST:
                raise NumbersExhausted("本村临时号 0001–9999 已用完，请报告系统管理员")
            members.append(replace(member, id_no=temporary(village, serial)))
        else:
            members.append(member)
    return replace(card, members=tuple(members))


def _needs_number(id_type: str | None, id_no: str | None) -> bool:
    return id_type == IdType.NONE and not id_no


def _last_serial(function: str, village: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [village])
        return int(cursor.fetchone()[0])
