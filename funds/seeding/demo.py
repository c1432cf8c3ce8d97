"""Two documents of the demonstration: one shared out to the 36 counties and issued, one announced in advance and being tried.

No figure is a real one; each says so in its number and its source.
"""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from django.db import transaction

from funds.codes.allotment import FactorCode
from funds.models import Appropriation, FactorKind
from funds.services.allotments import issue_scheme, pass_on, receive
from funds.services.documents import approve, carve_out, enter_budget, register
from funds.services.factors import Figure, enter_figures
from funds.services.schemes import Given, draft, settle, submit
from fupin.accounts.scope import whole_province
from fupin.divisions.codes import PROVINCE_CODE, Level, cut
from fupin.divisions.models import Division
from registry.seeding.chance import repeatable, whole

SEED: Final = "money"
SHOWN: Final = "示意数据"
FIRST, SECOND = "示意财农〔2014〕1号", "示意财农〔2014〕2号"
LVLIANG: Final = 141100000000
HAVE_RECEIVED: Final = (141124000000, 140929000000)
"""临县 and 岢岚县, where the demonstration's accounts stand."""
LACKS: Final = 141126000000
"""石楼县 lacks a figure of the second year: its run cannot be settled until it is entered."""
WEIGHTS: Final = {
    FactorCode.POOR_POPULATION.value: Decimal("0.5"),
    FactorCode.NET_INCOME.value: Decimal("0.2"),
    FactorCode.FISCAL_PER_HEAD.value: Decimal("0.1"),
    FactorCode.PERFORMANCE.value: Decimal("0.2"),
}
OTHER_WEIGHTS: Final = WEIGHTS | {
    FactorCode.POOR_POPULATION.value: Decimal("0.6"),
    FactorCode.NET_INCOME.value: Decimal("0.1"),
}


@transaction.atomic
def play_money() -> int:
    """Make the documents, once; return how many allotments were issued."""
    with whole_province():
        if Appropriation.objects.filter(number=FIRST).exists():
            return 0
        counties = list(
            Division.objects.filter(level=Level.COUNTY, county_profile__is_national_poor=True).order_by(
                "code"
            )
        )
        codes = [county.pk for county in counties]
        _figures(codes)
        _budgets()
        issued = _issued(counties)
        _tried(codes)
        return issued


def _figures(codes: list[int]) -> None:
    """Draw the figures of 2013, and those of 2014 a little on from them."""
    rng = repeatable(SEED)
    kinds = {kind.code: kind for kind in FactorKind.objects.order_by("place", "pk")}
    bounds = {
        FactorCode.POOR_POPULATION: (20_000, 110_000),
        FactorCode.NET_INCOME: (2_900, 4_700),
        FactorCode.FISCAL_PER_HEAD: (1_400, 4_500),
        FactorCode.PERFORMANCE: (73, 91),
    }
    first = {(code, factor): whole(rng, *bound) for code in codes for factor, bound in bounds.items()}
    for year, day in ((2013, date(2013, 12, 31)), (2014, date(2014, 10, 31))):
        enter_figures(
            actor=None,
            year=year,
            figures=[
                Figure(code, kinds[factor], Decimal(_in_year(rng, value, factor, year)), day, SHOWN)
                for (code, factor), value in first.items()
                if (year, code, factor) != (2014, LACKS, FactorCode.FISCAL_PER_HEAD)
            ],
        )


def _in_year(rng: Random, value: int, factor: FactorCode, year: int) -> int:
    if year == 2013:
        return value
    if factor is FactorCode.PERFORMANCE:
        return value + whole(rng, -3, 3)
    parts = (88, 95) if factor is FactorCode.POOR_POPULATION else (104, 113)
    return value * whole(rng, *parts) // 100


def _budgets() -> None:
    """The province's budgets of two years, with its working funds."""
    for kind, before, now in (
        ("CENTRAL_TO_PROVINCE", 1_000_000_000, 1_200_000_000),
        ("PROVINCE", 380_000_000, 460_000_000),
        ("WORKING", 6_000_000, 6_600_000),
    ):
        for year, amount in ((2013, before), (2014, now)):
            enter_budget(
                actor=None,
                division=PROVINCE_CODE,
                year=year,
                kind=kind,
                amount_yuan=Decimal(amount),
                document_no=f"示意晋财预〔{year}〕1号",
            )


def _document(number: str, issued_on: date, received_on: date, year: int, amount: int) -> Appropriation:
    document = register(
        actor=None,
        number=number,
        level="CENTRAL",
        kind="DEVELOPMENT",
        fiscal_year=year,
        issued_on=issued_on,
        received_on=received_on,
        purpose=f"财政专项扶贫资金（发展资金）（{SHOWN}）",
        amount_yuan=Decimal(amount),
    )
    return approve(actor=None, document=document, on=received_on)


def _given(name: str, year: int, weights: dict[str, Decimal], codes: list[int]) -> Given:
    return Given(
        name=name,
        year=year,
        weights_document="示意晋扶领〔2014〕12号",
        weights=weights,
        counties=codes,
    )


def _issued(counties: list[Division]) -> int:
    """The document of 9 May 2014: shared out, settled, issued; passed on in 吕梁, received where the accounts stand."""
    codes = [county.pk for county in counties]
    document = _document(FIRST, date(2014, 5, 9), date(2014, 5, 12), 2014, 42_000_000)
    scheme = draft(actor=None, document=document, given=_given("A", 2013, WEIGHTS, codes))
    submit(actor=None, scheme=scheme)
    scheme = settle(actor=None, scheme=scheme, opinion="同意")
    rows = issue_scheme(
        actor=None,
        scheme=scheme,
        document_no="示意晋财农〔2014〕60号",
        on=date(2014, 6, 20),
        tasks=f"整村推进、产业扶贫项目，由县从项目库中安排（{SHOWN}）",
        answerable={county.pk: f"{county.name}扶贫开发领导小组组长" for county in counties},
    )
    for row in rows:
        if cut(row.division_id, Level.CITY) == LVLIANG or row.division_id in HAVE_RECEIVED:
            row = pass_on(actor=None, allotment=row, on=date(2014, 6, 26))  # noqa: PLW2901
        if row.division_id in HAVE_RECEIVED:
            receive(actor=None, allotment=row, on=date(2014, 6, 30))
    return len(rows)


def _tried(codes: list[int]) -> None:
    """The money announced in advance for 2015: a task set apart, two schemes side by side, one county's figure missing."""
    document = _document(SECOND, date(2014, 11, 20), date(2014, 11, 21), 2015, 120_000_000)
    carve_out(
        actor=None,
        document=document,
        task=f"集中连片特困地区重点工作（{SHOWN}）",
        amount_yuan=Decimal(21_000_000),
        document_no="示意晋扶领〔2014〕15号",
        answerable="省扶贫办项目处",
    )
    for name, weights in (("A", WEIGHTS), ("B", OTHER_WEIGHTS)):
        draft(actor=None, document=document, given=_given(name, 2014, weights, codes))
