"""A village's year as rows and columns: what may be typed in one screen, read and shown cell by cell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import cached_property

from registry.forms.income_lines import SUMMARY, shown as shown_lines
from registry.rules.card import Card
from registry.rules.findings import Finding
from registry.services.grid import GridRow, RowResult
from registry.standard.fields import Field
from registry.standard.household import CONDITION, INCOME
from registry.standard.lists import CODE_LISTS
from registry.standard.values import Unreadable, parse, present

LEFT_OUT: Final = frozenset(
    {
        "danger_appraiser",
        "danger_appraised_on",
        "danger_report",
        "fuel_other",
        "coop_code",
        "leading_ent_code",
    }
)
"""Belongs to single households and is typed on the card."""
SHORT: Final[Mapping[str, str]] = {
    "wage_income": "工资性",
    "business_income": "经营性",
    "property_income": "财产性",
    "tr_family_planning": "计生金",
    "tr_dibao": "低保金",
    "tr_wubao": "五保金",
    "tr_pension": "养老金",
    "tr_eco": "生态补偿",
    "tr_other": "其他",
    "business_expense": "经营支出",
    "arable_area": "耕地",
    "irrigated_area": "灌溉",
    "forest_area": "林地",
    "returned_forest_area": "退耕",
    "fruit_area": "林果",
    "pasture_area": "牧草",
    "water_area": "水面",
    "has_prod_power": "生产电",
    "has_life_power": "生活电",
    "has_tv": "广播电视",
    "water_difficult": "饮水困难",
    "water_safe": "饮水安全",
    "tap_water": "自来水",
    "has_broadband": "宽带",
    "road_distance": "距主路",
    "road_type": "入户路",
    "house_area": "住房",
    "house_structure": "结构",
    "danger_level": "危房等级",
    "renovate_year": "危改年度",
    "renovate_subsidy": "危改补助",
    "fuel_type": "燃料",
    "has_toilet": "卫生厕所",
    "in_coop": "合作社",
    "has_leading_ent": "龙头企业",
    "has_leader": "带头人",
    "in_mutual_fund": "互助金",
    "is_credit_household": "信用户",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the grid. `path` is where it stands on a card."""

    path: str
    field: Field
    label: str
    unit: str

    @property
    def text(self) -> bool:
        """Tell whether the values are words or codes, which stand at the left."""
        return not self.field.numeric

    @property
    def options(self) -> str:
        """The id of the list of values that may be typed, nothing for numbers."""
        return f"codes-{self.field.codes or 'yes-no'}" if self.field.kind in {"enum", "bool"} else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one heading."""

    label: str
    unit: str
    columns: Sequence[Column]


def _columns(part: str, fields: Sequence[Field], *, unit: bool) -> list[Column]:
    return [
        Column(
            f"{part}.{one.name}",
            one,
            SHORT.get(one.name, one.label),
            {"平方米": "㎡"}.get(one.unit, one.unit) if unit else "",
        )
        for one in fields
        if one.need != "D" and one.name not in LEFT_OUT
    ]


_INCOME: Final = _columns("income", INCOME, unit=False)
GROUPS: Final = (
    Group("收入", "元/年", _INCOME[:3]),
    Group("转移性收入", "元/年", _INCOME[3:9]),
    Group("支出", "元/年", _INCOME[9:]),
    Group("生产生活条件", "", _columns("condition", CONDITION, unit=True)),
)
BEFORE_SUMS: Final = 3
"""How many groups stand before the derived sums."""
COLUMNS: Final = tuple(column for group in GROUPS for column in group.columns)


def options() -> list[tuple[str, list[str]]]:
    """Return the lists of values that columns point at: id and values as the paper has them."""
    found = {"codes-yes-no": ["是", "否"]}
    for column in COLUMNS:
        if column.field.codes:
            found[column.options] = [
                f"{code} {label}" for code, label in CODE_LISTS[column.field.codes].choices
            ]
    return list(found.items())


@dataclass(slots=True)
class Cell:
    """A value in the grid: as stored, as typed, as of last year, and what is wrong with it."""

    column: Column
    name: str
    stored: str
    typed: str
    last: str
    lines: int = 0
    """Of how many lines the amount is the sum; typed anew it stands alone, once that was confirmed."""
    replacing: bool = False
    """Somebody has confirmed that the amount takes the place of its lines."""
    error: str = ""
    rule: str = ""
    doubt: str = ""

    @property
    def replaces(self) -> bool:
        """Tell whether what was typed would take the place of lines."""
        return self.changed and self.lines > 0

    @property
    def changed(self) -> bool:
        """Tell whether what stands in the box is not what is stored."""
        return self.typed != self.stored

    @property
    def classes(self) -> str:
        """The state of the cell as its classes."""
        state = "err" if self.error else "doubt" if self.doubt else ""
        kinds = (
            "entry",
            "text" if self.column.text else "n",
            "changed" if self.changed else "",
            state,
        )
        return " ".join(filter(None, kinds))


@dataclass
class Row:
    """A household in the grid. `card` is what a save starts from, `before` last year's card."""

    card: Card
    before: Card | None
    version: int | None
    head: str
    data: QueryDict | None = None
    result: RowResult | None = None
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The household's number."""
        return self.card.household_no or ""

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells in the order of the columns."""
        lines = Counter(line.kind for line in shown_lines(self.card.income.lines))
        return [self._cell(column, lines[column.field.name]) for column in COLUMNS]

    def _cell(self, column: Column, lines: int) -> Cell:
        name = f"{self.number}-{column.path}"
        stored = shown(column.field, value_at(self.card, column.path))
        typed = self.data.get(name, stored) if self.data is not None else stored
        last = shown(column.field, value_at(self.before, column.path)) if self.before else ""
        replacing = self.data is not None and self.data.get(f"{name}-replace") == "1"
        return Cell(column, name, stored, typed.strip(), last, lines=lines, replacing=replacing)

    @property
    def before_sums(self) -> list[Cell]:
        """Income and outlay."""
        return self.cells[: len(_INCOME)]

    @property
    def after_sums(self) -> list[Cell]:
        """Living conditions."""
        return self.cells[len(_INCOME) :]

    @property
    def net_income(self) -> Decimal:
        """家庭纯收入 as stored."""
        return self.card.income.net_income

    def read(self) -> GridRow | None:
        """Return what was typed anew; None where nothing was. What cannot be read stands in `unread`."""
        values: dict[str, Any] = {}
        for cell in self.cells:
            if not cell.changed:
                continue
            try:
                value = parse(cell.column.field, cell.typed)
            except Unreadable as wrong:
                self.unread[cell.column.path] = cell.error = str(wrong)
                continue
            if value == value_at(self.card, cell.column.path):
                continue
            if cell.lines and not cell.replacing:
                cell.error = (
                    f"此数由 {cell.lines} 条明细合计 {cell.stored}；改为 {cell.typed} 后，明细由一条“{SUMMARY}”代替，"
                    "原明细只留在历史里。确要这样请勾选“代替明细”，否则到户卡上改明细"
                )
                self.unread[cell.column.path] = cell.error
                continue
            values[cell.column.path] = value
        return GridRow(self.number, self.version, values) if values and not self.unread else None

    def take(self, result: RowResult) -> None:
        """Put what became of the row at its cells; what names no cell of the grid is said at the row."""
        self.result = result
        at = {cell.column.path: cell for cell in self.cells}
        for finding in result.findings:
            cell = at.get(finding.field)
            if cell is None:
                continue
            if finding.level == "E":
                cell.error, cell.rule = cell.error or finding.message, finding.rule
            else:
                cell.doubt, cell.rule = finding.message, finding.rule
        if result.saved:
            for cell in self.cells:
                cell.stored = cell.typed

    @property
    def is_wrong(self) -> bool:
        """Tell whether the row was not saved."""
        return bool(self.unread) or (self.result is not None and not self.result.saved)

    @property
    def is_saved(self) -> bool:
        """Tell whether the row was saved just now."""
        return self.result is not None and self.result.saved

    @property
    def elsewhere(self) -> list[Finding]:
        """Errors of the card that lie in no cell of the grid."""
        paths = {column.path for column in COLUMNS}
        found = self.result.findings if self.result else ()
        return [one for one in found if one.level == "E" and one.field not in paths]


def value_at(card: Card | None, path: str) -> Any:
    """Return the value at a path of a card."""
    part, _, name = path.partition(".")
    return getattr(getattr(card, part), name)


def shown(standard: Field, value: Any) -> str:
    """Return a value as the grid shows it: amounts in thousands, without needless zeros."""
    if isinstance(value, Decimal):
        return format(value.normalize() if value != value.to_integral() else value.quantize(Decimal(1)), ",f")
    return present(standard, value)


def typed_rows(data: QueryDict) -> Iterator[str]:
    """Yield the household numbers of which something was posted."""
    seen = set()
    for name in data:
        number, _, rest = name.partition("-")
        if rest and number.isdigit() and number not in seen:
            seen.add(number)
            yield number
