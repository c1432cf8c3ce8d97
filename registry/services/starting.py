"""The card of a new year, begun with the year before's facts (procedures §7)."""

from datetime import date
from typing import Any, Final, TypeVar

from django.db import models, transaction
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.pinyin import name_keys
from registry.codes import ChangeType
from registry.errors import HouseholdEnded, RegistryError
from registry.models import Household, HouseholdYear, MemberYear, Relocation
from registry.reports.cards import read_card
from registry.rules.people import is_labourer, is_zero_employment
from registry.services.holders import holders_of
from registry.services.saved import SavedCard, noted
from registry.services.years import require_open

CARRIED: Final = "年度带出"
"""The rule number of remarks that ask for what was carried over to be held against the household."""

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def start_year(*, actor: User, household: Household, year: int, on: date | None = None) -> SavedCard:
    """Begin the household's card of a year with the latest one before; a card that is there already stands.

    Who left is not carried over. Whoever stands on another card of the new year by now is carried over as
    其他转出. What was carried stays an open remark until somebody has saved the card. Raise YearClosed,
    HouseholdEnded, Refused, or RegistryError where there is nothing to begin with.
    """
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    require(actor, "registry.change_household", at=household.division_id)
    if not household.is_live:
        raise HouseholdEnded(household.status)
    require_open(year)
    if (there := HouseholdYear.objects.filter(household=household, year=year).first()) is not None:
        return SavedCard(household, there, ())
    before = HouseholdYear.objects.filter(household=household, year__lt=year).order_by("-year").first()
    if before is None:
        raise RegistryError(f"该户没有{year}年以前的户卡，请新建")
    fresh = copied(before, year=year, version=1, updated_by=actor, filler=actor.full_name)
    fresh.household = household
    fresh.fill_date = on or timezone.localdate()
    if fresh.plan_exit_year is not None and fresh.plan_exit_year < year:
        fresh.plan_exit_year = None
    members = _members(before, fresh)
    held = _mark_held(members, household, year)
    fresh.remarks = [_remark(f"由{before.year}年度户卡带出，收入、成员和在校状况请逐项核对后保存"), *held]
    fresh.open_remarks = len(fresh.remarks)
    fresh.member_count = sum(not row.change_type for row in members)
    fresh.save(force_insert=True)
    for row in members:
        row.household_year = fresh
    MemberYear.objects.bulk_create(members)
    if (move := Relocation.objects.filter(household_year=before).first()) is not None:
        copied(move, household_year=fresh).save(force_insert=True)
    _derive(fresh, members)
    noted(household, fresh)
    return SavedCard(household, fresh, ())


def copied(row: M, **values: Any) -> M:
    """Return an unsaved row with the same columns but for those given."""
    same = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.generated and not field.primary_key
    }
    fresh = type(row)(**same)
    for name, value in values.items():
        setattr(fresh, name, value)
    return fresh


def _members(before: HouseholdYear, fresh: HouseholdYear) -> list[MemberYear]:
    rows = before.members.filter(is_counted=True).select_related("member").order_by("seat")
    return [
        copied(
            row,
            member=row.member,
            year=fresh.year,
            seat=seat,
            change_type="",
            change_date=None,
            id_no_index=row.member.id_no_index,
        )
        for seat, row in enumerate(rows, start=1)
    ]


def _mark_held(members: list[MemberYear], household: Household, year: int) -> list[dict[str, str]]:
    """Let whoever stands on another card of the year have left this household; return the remarks that say so."""
    holders = holders_of(
        [bytes(row.id_no_index) for row in members],
        year=year,
        village=household.division_id,
        besides=household.household_no,
    )
    remarks = []
    for place, row in enumerate(members):
        if (where := holders.get(bytes(row.id_no_index))) is not None:
            row.change_type, row.change_date = ChangeType.MOVED_OUT, date(year, 1, 1)
            text = f"{row.member.name}本年度已在另一户登记（{where}），已按其他转出带出，请核对变动类型和日期"
            remarks.append(_remark(text, f"members[{place}].change_type"))
    return remarks


def _derive(fresh: HouseholdYear, members: list[MemberYear]) -> None:
    """Count anew what follows from age and work, which a year changes."""
    card = read_card(fresh)
    for row, member in zip(members, card.members, strict=True):
        row.is_labourer = is_labourer(member, fresh.year)
    MemberYear.objects.bulk_update(members, ["is_labourer"])
    fresh.labourer_count = sum(row.is_labourer for row in members)
    fresh.is_zero_employment = is_zero_employment(card)
    fresh.head_name = card.head_name
    fresh.head_pinyin, fresh.head_initials = name_keys(card.head_name)
    fresh.save(
        update_fields=["labourer_count", "is_zero_employment", "head_name", "head_pinyin", "head_initials"]
    )
    fresh.refresh_from_db()


def _remark(message: str, field: str = "members") -> dict[str, str]:
    return {"rule": CARRIED, "field": field, "message": message, "reason": ""}
