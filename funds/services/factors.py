"""Enter the figures that money is shared out by; of the poor the register's own figure is taken, frozen with its day (一数一源)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Mod

from funds.codes.allotment import FactorCode
from funds.models import FactorKind, FactorValue
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import PROVINCE_CODE
from registry.models import HouseholdYear
from registry.reports.on_register import on_register

COUNTY_SPAN: Final = 10**6


@dataclass(frozen=True, slots=True)
class Figure:
    """A county's figure of a factor, with where it comes from."""

    county: int
    kind: FactorKind
    value: Decimal
    data_on: date
    source: str


@transaction.atomic
def enter_figures(*, actor: User | None, year: int, figures: Sequence[Figure]) -> int:
    """Enter figures of a year; those that stand already with the same value are left. Return how many were entered.

    Raise MoneyRefused at the field, Refused.
    """
    if actor is not None:
        require(actor, "funds.enter_factors", at=PROVINCE_CODE)
    standing = {
        (row.division_id, row.kind_id): (row.value, row.source, row.data_on)
        for row in FactorValue.objects.standing().filter(year=year)
    }
    entered = 0
    with refusing():
        for one in figures:
            if standing.get((one.county, one.kind.pk)) == (one.value, one.source, one.data_on):
                continue
            FactorValue.objects.create(
                division_id=one.county,
                year=year,
                kind=one.kind,
                value=one.value,
                data_on=one.data_on,
                source=one.source,
                entered_by=actor,
            )
            entered += 1
    note(object_key=f"因素值 {year}", division=PROVINCE_CODE, detail={"entered": entered})
    return entered


def poor_on_register(year: int, counties: Collection[int]) -> dict[int, int]:
    """Return the persons on the register at the end of a year, by county; a county with none is not there."""
    rows = (
        HouseholdYear.objects.filter(on_register(year), year=year)
        .annotate(county=F("division_id") - Mod(F("division_id"), COUNTY_SPAN))
        .order_by()
        .values("county")
        .annotate(persons=Sum("member_count"))
    )
    return {row["county"]: row["persons"] for row in rows if row["county"] in counties and row["persons"]}


def take_poor_population(*, actor: User, year: int, counties: Collection[int], on: date) -> int:
    """Enter what the register says of the poor at the end of a year, as it stands today; return how many counties changed."""
    kind = FactorKind.objects.get(code=FactorCode.POOR_POPULATION)
    found = poor_on_register(year, counties)
    return enter_figures(
        actor=actor,
        year=year,
        figures=[
            Figure(county, kind, Decimal(persons).quantize(Decimal("0.0001")), on, "本系统在册人口")
            for county, persons in sorted(found.items())
        ],
    )


@transaction.atomic
def add_kind(*, actor: User, title: str, direction: str, unit: str, document_no: str) -> FactorKind:
    """Add a factor that a document names. Raise MoneyRefused at the field, Refused."""
    require(actor, "funds.enter_factors", at=PROVINCE_CODE)
    number = FactorKind.objects.count() + 1
    kind = FactorKind(
        code=f"ADDED_{number}",
        title=title.strip(),
        direction=direction,
        unit=unit,
        document_no=document_no.strip(),
        place=number,
    )
    insert(kind)
    note(object_key=kind.title, division=PROVINCE_CODE)
    return kind
