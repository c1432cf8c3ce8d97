"""What is stored, as the serializers show it: numbers masked, derived values where the standard has them."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.reverse import reverse

from fupin.divisions.models import Division
from registry.forms.income_lines import shown as shown_lines
from registry.models import HouseholdYear, LabourerYear, MemberYear, VillageYear
from registry.reports.villages import read_table
from registry.rules.card import Card, MemberCard
from registry.rules.labourer import LabourerCard
from registry.rules.people import is_dangerous, is_female
from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import LABOURER
from registry.standard.member import MEMBER

Data = dict[str, Any]


def household_data(card: Card, row: HouseholdYear, request: Request) -> Data:
    """Return a household's card of a year."""
    household = row.household
    return {
        **_plain(HOUSEHOLD_YEAR, card),
        **card_parts(card),
        "household_no": household.household_no,
        "village_code": str(row.division_id),
        "status": household.status,
        "url": household_url(household.household_no, request),
        "first_identified_year": household.first_identified_year,
        "is_zero_employment": row.is_zero_employment,
        **_versioned(row),
    }


def card_parts(card: Card) -> Data:
    """Return what a card says of income, conditions, members and relocation, derived sums included."""
    income, condition = card.income, card.condition
    complete = income.complete
    sums = {name: getattr(income, name) for name in ("transfer_income", "gross_income", "net_income")}
    return {
        "head_name": card.head_name,
        "member_count": card.member_count,
        "income": {
            **_plain(INCOME, income),
            **(sums if complete else dict.fromkeys(sums)),
            "net_income_pc": card.net_income_pc if complete else None,
            "lines": list(shown_lines(income.lines)),
        },
        "condition": {**_plain(CONDITION, condition), "is_dangerous": is_dangerous(condition)},
        "members": [_plain(MEMBER, member) for member in card.members],
        "relocation": {**_plain(RELOCATION, card.relocation), "subsidies": list(card.relocation.subsidies)}
        if card.relocation
        else None,
    }


def submitted_data(card: Card) -> Data:
    """Return a card as somebody sent it, to be set beside the stored one; its numbers are masked already."""
    return {**_plain(HOUSEHOLD_YEAR, card), **card_parts(card)}


def member_data(member: MemberCard, row: MemberYear, request: Request) -> Data:
    """Return a person's year."""
    household_no = row.household_year.household.household_no
    return {
        **_plain(MEMBER, member),
        "household_no": household_no,
        "village_code": str(row.division_id),
        "year": row.year,
        "url": reverse("api:members-detail", args=[row.member.member_no], request=request),
        "is_labourer": row.is_labourer,
    }


def plain_labourer(card: LabourerCard) -> Data:
    """Return what stands on a labourer's card by itself."""
    return {
        **_plain(LABOURER, card),
        "trainings": list(card.trainings),
        "certificates": list(card.certificates),
    }


def labourer_url(row: LabourerYear, request: Request) -> str:
    """Return the address of a labourer."""
    return str(reverse("api:labourers-detail", args=[row.member.member_no], request=request))


def labourer_data(row: LabourerYear, card: LabourerCard, request: Request) -> Data:
    """Return a labourer's card with who he is."""
    member = row.member
    return {
        **plain_labourer(card),
        "member_no": member.member_no,
        "household_no": member.household.household_no,
        "village_code": str(row.division_id),
        "name": member.name,
        "is_female": is_female(MemberCard(sex=member.sex)),
        "stable_emp": row.stable_emp,
        "is_away_youth": row.is_away_youth,
        "url": labourer_url(row, request),
        **_versioned(row),
    }


def village_data(village: Division, request: Request) -> Data:
    """Return a village as the list of villages has it."""
    return {
        "village_code": str(village.pk),
        "name": village.name,
        "path_name": village.path_name,
        "url": reverse("api:villages-detail", args=[village.pk], request=request),
    }


def village_table_data(
    village: Division, year: int, table: VillageYear | None, counts: Mapping[str, int], request: Request
) -> Data:
    """Return a village's table of a year: empty but for what its cards come to where nobody has filled one in."""
    typed = read_table(table) if table else {}
    return {**typed, **counts, **village_data(village, request), "year": year, **_versioned(table)}


def household_url(household_no: str, request: Request) -> str:
    """Return the address of a household."""
    return str(reverse("api:households-detail", args=[household_no], request=request))


def _plain(table: Iterable[Field], source: object) -> Data:
    return {field.name: getattr(source, field.name, None) for field in table if field.kind != "file"}


def _versioned(row: Any) -> Data:
    if row is None:
        return {"version": None, "updated_at": None, "warnings": [], "confirmed_warnings": {}}
    return {
        "version": row.version,
        "updated_at": row.updated_at,
        "warnings": [remark for remark in row.remarks if not remark["reason"]],
    }
