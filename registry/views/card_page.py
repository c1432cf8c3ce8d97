"""What the page of a card shows: cells in the order of the paper, the rail with the figures, years as tabs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.forms import BoundField
from django.urls import reverse

from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from fupin.policy.standards import NoStandard, poverty_line
from registry.codes import HouseholdStatus, IdentificationStandard
from registry.forms.card import CardForms
from registry.forms.fields import StandardForm
from registry.models import Household, HouseholdYear
from registry.rules.card import Card
from registry.rules.findings import Finding, errors_in, warnings_in
from registry.rules.people import is_labourer, is_zero_employment
from registry.rules.poverty import below_line
from registry.standard.household import INCOME

BASIC_ORDER: Final = (
    ("natural_village", 1),
    ("phone", 1),
    ("address", 2),
    ("id_standard", 1),
    ("poor_type", 1),
    ("cause_main", 1),
    ("cause_other", 2),
    ("plan_exit_year", 1),
    ("cause_note", 3),
    ("bank_name", 1),
    ("bank_account", 1),
    ("is_martyr_family", 1),
    ("is_one_child", 1),
    ("is_two_girls", 1),
    ("filler", 1),
    ("fill_date", 1),
)
_KINDS: Final = {
    HouseholdStatus.DRAFT: "quiet",
    HouseholdStatus.REGISTERED: "ok",
    HouseholdStatus.EXITED: "ok",
    HouseholdStatus.OBJECTION: "bad",
    HouseholdStatus.REMOVED: "bad",
    HouseholdStatus.CLOSED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field's place on the paper."""

    bound: BoundField
    width: int
    unit: str
    doubts: Sequence[str]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A line of the income table: an amount to type, or a sum that follows from the others."""

    name: str
    label: str
    bound: BoundField | None = None
    value: Decimal | None = None
    inner: bool = False
    doubts: Sequence[str] = ()


def cells(
    forms: CardForms, form: StandardForm, order: Iterable[tuple[str, int]], section: str = ""
) -> list[Cell]:
    """Return the fields of a section in the order and widths given; those not named follow, one cell each."""
    widths = dict(order)
    names = [*widths, *(name for name in form.fields if name not in widths)]
    built = []
    for name in names:
        bound = form[name]
        path = f"{section}.{name}" if section else name
        built.append(Cell(bound, widths.get(name, 1), _unit(bound), forms.doubts.get(path, ())))
    return built


def _unit(bound: BoundField) -> str:
    standard = getattr(bound.field, "standard", None)
    return standard.unit if standard is not None else ""


def money_lines(forms: CardForms, card: Card | None) -> list[MoneyLine]:
    """Return the income table: the amounts in the order of the paper, the derived sums among them."""
    lines = []
    for field in INCOME:
        inner = field.name.startswith("tr_")
        if field.need == "D":
            value = None if card is None else _derived(card, field.name)
            lines.append(MoneyLine(field.name, field.label, value=value))
        else:
            doubts = forms.doubts.get(f"income.{field.name}", ())
            lines.append(
                MoneyLine(field.name, field.label, forms.income[field.name], inner=inner, doubts=doubts)
            )
    return lines


def _derived(card: Card, name: str) -> Decimal | None:
    return card.net_income_pc if name == "net_income_pc" else getattr(card.income, name)


@dataclass(frozen=True, slots=True)
class RailFinding:
    """A finding with the box that it leads to, and the reason that answers it."""

    rule: str
    message: str
    anchor: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    """What the figures of the card come to, and what the rules find; income is compared unrounded."""

    net_income: Decimal
    gross_income: Decimal
    transfer_income: Decimal
    net_income_pc: Decimal | None
    member_count: int
    labourer_count: int
    is_zero_employment: bool
    line: Decimal | None
    line_name: str
    below: bool
    distance: Decimal | None
    before: Decimal | None
    errors: Sequence[RailFinding]
    warnings: Sequence[RailFinding]


def rail_of(
    card: Card,
    forms: CardForms,
    findings: Iterable[Finding],
    reasons: Mapping[tuple[str, str], str],
    before: Decimal | None,
) -> Rail:
    """Return the rail beside a card; ``before`` is the year before's income per head."""
    findings = list(findings)
    standard = card.id_standard or IdentificationStandard.NATIONAL
    try:
        line: Decimal | None = poverty_line(card.year, standard=standard).amount
    except NoStandard:
        line = None
    per_head = card.net_income_pc
    return Rail(
        net_income=card.income.net_income,
        gross_income=card.income.gross_income,
        transfer_income=card.income.transfer_income,
        net_income_pc=per_head,
        member_count=card.member_count,
        labourer_count=sum(is_labourer(member, card.year) for _, member in card.counted),
        is_zero_employment=is_zero_employment(card),
        line=line,
        line_name=IdentificationStandard(standard).label,
        below=line is not None and below_line(card.income.net_income, card.member_count, line),
        distance=None if line is None or per_head is None else abs(per_head - line),
        before=before,
        errors=[RailFinding(one.rule, one.message, forms.anchor(one.field)) for one in errors_in(findings)],
        warnings=[
            RailFinding(
                one.rule, one.message, forms.anchor(one.field), reasons.get((one.rule, one.field), "")
            )
            for one in warnings_in(findings)
        ],
    )


def year_before(household: Household | None, year: int) -> Decimal | None:
    """Return the income per head on the card of the year before, None where there is none."""
    if household is None:
        return None
    return (
        HouseholdYear.objects.filter(household=household, year=year - 1)
        .values_list("net_income_pc", flat=True)
        .first()
    )


def trail(code: int | None, *, page: str = "household_list") -> list[dict[str, str]]:
    """Return the breadcrumb from the province down to a division; each step opens its households, or another list."""
    if code is None:
        return []
    steps = []
    division: Division | None = (
        Division.objects.select_related("parent__parent__parent__parent").filter(pk=code).first()
    )
    while division is not None:
        steps.append({"label": division.name, "url": f"{reverse(page)}?division={division.pk}"})
        division = division.parent
    return steps[::-1]


def year_tabs(
    household: Household, year: int, closed: frozenset[int], entered: int, *, may_start: bool
) -> list[dict[str, Any]]:
    """Return the years of a household as tabs; the year after the last can be started from it."""
    years = list(household.years.order_by("year").values_list("year", flat=True))
    tabs: list[dict[str, Any]] = [
        {
            "label": f"{one} 已关账" if one in closed else str(one),
            "url": reverse("household_card", args=[household.household_no, one]),
            "current": one == year,
        }
        for one in years
    ]
    following = max(years, default=year) + 1
    if may_start and following <= entered:
        url = reverse("household_card", args=[household.household_no, following])
        tabs.append({"label": f"＋ {following}", "url": url, "current": following == year})
    return tabs


def acts_of(user: User, household: Household, year: int, *, closed: bool) -> list[dict[str, Any]]:
    """Return what the user may do with the card besides typing on it."""
    number = household.household_no
    acts: list[tuple[str, str, str, tuple[object, ...], bool]] = [
        ("registry.view_household", "历史", "household_history", (number,), False)
    ]
    acts.append(("registry.view_case", "识别与退出", "case_start", (number,), False))
    acts.append(("registry.print_card", "打印户卡", "household_print", (number, year), True))
    if closed:
        acts.append(("registry.correct_card", "更正单", "correction_new", (number, year), False))
    elif household.is_live:
        acts.append(("registry.split_household", "分户", "household_split", (number,), False))
        acts.append(("registry.split_household", "并户", "household_merge", (number,), False))
        acts.append(("registry.split_household", "迁移", "household_move", (number,), False))
    return [
        {"label": label, "url": reverse(name, args=arguments), "new_window": new}
        for permission, label, name, arguments, new in acts
        if may(user, permission)
    ]


def status_kind(household: Household) -> str:
    """Return the colour of the chip that shows the status."""
    return _KINDS.get(HouseholdStatus(household.status), "warn")
