"""Reads 户卡 and 劳动力卡 from the register into records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from registry.codes import Sex
from registry.models import (
    Attachment,
    AttachmentKind,
    Certificate,
    HouseholdYear,
    LabourerYear,
    MemberYear,
    Relocation,
    Training,
)
from registry.prints.figures import CENT
from registry.prints.reading import Names, line_of, path, place_names, values
from registry.reports.history import card_history
from registry.standard import household as standard
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import shown
from registry.standard.member import MEMBER


def household_card_record(household_year: HouseholdYear) -> dict[str, Any]:
    """Return the record of one card, as `records.household_cards` prints it, with its latest changes."""
    return household_card_records([household_year])[0] | {"changes": _changes(household_year)}


def household_card_records(household_years: Sequence[HouseholdYear]) -> list[dict[str, Any]]:
    """Return the records of some cards, in their order, with as many queries as for one.

    The rows' `household` should be at hand; a file of a batch holds 200 cards.
    """
    ids = [row.pk for row in household_years]
    people = MemberYear.objects.filter(household_year_id__in=ids).select_related("member")
    members = defaultdict[int, list[MemberYear]](list)
    for member_year in people.order_by("household_year_id", "seat"):
        members[member_year.household_year_id].append(member_year)
    moves = {row.household_year_id: row for row in Relocation.objects.filter(household_year_id__in=ids)}
    pictured = _photographs(household_years)
    past = _years_before(household_years)
    names = place_names(row.division_id for row in household_years)
    return [
        _record(
            row,
            members=members[row.pk],
            relocation=moves.get(row.pk),
            past=past.get((row.household_id, row.year - 1)),
            photo=pictured.get((row.household_id, row.year)),
            names=names,
        )
        for row in household_years
    ]


def _record(
    row: HouseholdYear,
    *,
    members: Iterable[MemberYear],
    relocation: Relocation | None,
    past: HouseholdYear | None,
    photo: bytes | None,
    names: Names,
) -> dict[str, Any]:
    household = row.household
    return {
        **_standing(row, names),
        **values(_OWN, row, household),
        "version": row.version,
        "is_demo": household.is_demo,
        "poverty_line": line_of(row.year, row.id_standard),
        "photo": photo,
        "income": values(standard.INCOME, row),
        "income_prev": values(standard.INCOME, past) if past else None,
        "condition": values(standard.CONDITION, row),
        "relocation": _relocation(relocation) if relocation else None,
        "members": [member_record(member) for member in members],
    }


_OWN = tuple(field for field in standard.HOUSEHOLD_YEAR if field.name not in {"household_no", "village_code"})


def _standing(row: HouseholdYear, names: Names) -> dict[str, Any]:
    """Return which household it is, where it lives and how it stands on the register."""
    household = row.household
    return {
        "household_no": household.household_no,
        "nat_household_id": household.nat_household_id or None,
        "village_code": str(row.division_id),
        "divisions": path(row.division_id, names),
        "status": shown("CL24", household.status),
    }


def member_record(member_year: MemberYear) -> dict[str, Any]:
    """Return a member in a year, `member_year.member` being at hand."""
    return {
        **values(MEMBER, member_year, member_year.member),
        "counted": member_year.is_counted,
    }


def _relocation(row: Relocation) -> dict[str, Any]:
    return {
        **values(standard.RELOCATION, row),
        "follow_up_note": row.follow_up_note or None,
        "subsidies": [
            {"channel": line["channel"], "amount": Decimal(str(line["amount"])).quantize(CENT)}
            for line in row.subsidies
        ],
    }


def _photographs(rows: Sequence[HouseholdYear]) -> dict[tuple[int, int], bytes]:
    """Return the latest photograph of each card that has one, by household and year."""
    cards = {(row.household_id, row.year) for row in rows}
    kept = Attachment.objects.filter(
        kind=AttachmentKind.PHOTO,
        withdrawn_at__isnull=True,
        household_id__in={household for household, _ in cards},
        year__in={year for _, year in cards},
    )
    latest = {(photo.household_id, photo.year): photo for photo in kept.order_by("uploaded_at", "pk")}
    pictures = {}
    for card in cards & latest.keys():
        with latest[card].file.open("rb") as file:
            pictures[card] = file.read()
    return pictures


def _years_before(rows: Sequence[HouseholdYear]) -> dict[tuple[int, int], HouseholdYear]:
    """Return the cards of the years before, by household and year."""
    wanted = Q()
    for year in {row.year for row in rows}:
        wanted |= Q(year=year - 1, household_id__in=[row.household_id for row in rows if row.year == year])
    return {(row.household_id, row.year): row for row in HouseholdYear.objects.filter(wanted)} if rows else {}


CHANGES = 8
"""So many changes stand on a card of two pages; the page of its history has the others."""


def _changes(row: HouseholdYear) -> list[dict[str, Any]]:
    """Return the latest changes of the card and of how the household stands, the latest first."""
    changes = [change for change in card_history(row.household) if change.year in {None, row.year}]
    return [
        {
            "date": timezone.localdate(change.at),
            "version": change.version,
            "item": change.label,
            "old": change.old,
            "new": change.new,
            "basis": change.reason,
            "by": change.who,
        }
        for change in changes[:CHANGES]
    ]


# ---- 劳动力卡 --------------------------------------------------------------------------------------


def labourer_card_record(labourer_year: LabourerYear) -> dict[str, Any]:
    """Return the record of a labourer's card, as `records.labourer_cards` prints it."""
    member_year = labourer_year.member_year
    card, member = member_year.household_year, member_year.member
    year = labourer_year.year
    trained = Training.objects.filter(member=member, start__year__lte=year).order_by("start", "pk")
    certified = Certificate.objects.filter(member=member, issued_on__year__lte=year).order_by(
        "issued_on", "pk"
    )
    return {
        **values(_WORK, labourer_year),
        **_standing(card, place_names([card.division_id])),
        "version": labourer_year.version,
        "is_demo": card.household.is_demo,
        "member_no": member.member_no,
        "is_female": member.sex == Sex.FEMALE if member.sex else None,
        "natural_village": card.natural_village,
        "address": card.address,
        "head_name": card.head_name,
        "poor_type": shown("CL02", card.poor_type) if card.poor_type else None,
        "member": member_record(member_year),
        "trainings": [values(TRAINING, row) for row in trained],
        "certificates": [values(CERTIFICATE, row) for row in certified],
    }


_WORK = tuple(
    field
    for field in LABOURER
    if field.name not in {"member_no", "household_no", "village_code", "is_female"}
)
