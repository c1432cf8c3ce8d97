"""收入明细: the lines that an amount is made of: item, quantity, price, amount, evidence (data-standard §3.2)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django import forms

from registry.forms.fields import StandardForm
from registry.rules.card import FEN, IncomeLine
from registry.standard.fields import Field, table
from registry.standard.household import INCOME

_TYPED: Final = tuple(field for field in INCOME if field.need != "D")
SUMMARY: Final = "汇总录入"
"""The item of the one line that stands for an amount typed as a whole; it is not shown as a line."""


class LineForm(StandardForm):
    """A line of one of the ten amounts. An amount left empty is quantity × price."""

    table = table(
        Field("item", "项目", "str", "N", digits=50),
        Field("quantity", "数量", "money", "N", unit=" "),
        Field("unit", "单位", "str", "N", digits=10),
        Field("unit_price", "单价", "money", "N"),
        Field("amount", "金额", "money", "N"),
        Field("evidence", "证据", "str", "N", digits=100),
    )
    kind = forms.ChoiceField(
        label="收入项",
        required=False,
        choices=[
            ("", ""),
            *((field.name, f"{number} {field.label}") for number, field in enumerate(_TYPED, 1)),
        ],
        widget=forms.Select(attrs={"data-plain": "1"}),
    )
    field_order = ["kind"]

    def is_blank(self) -> bool:
        """Tell whether nothing was typed in the row."""
        return not any(self[name].value() for name in self.fields if name != "kind")

    def clean(self) -> dict[str, Any]:
        """Work out the amount, and ask for what the line lacks."""
        values = super().clean() or {}
        if self.is_blank() or self.errors:
            return values
        if not values.get("kind"):
            self.add_error("kind", "请选择此行属于哪一项收入")
        if values.get("amount") is None and None not in (values.get("quantity"), values.get("unit_price")):
            values["amount"] = (values["quantity"] * values["unit_price"]).quantize(FEN)
        if values.get("amount") is None:
            self.add_error("amount", "请填金额，或填数量和单价")
        return values

    def line(self) -> IncomeLine:
        """Return the line; only of a form that is valid and not blank."""
        values = self.cleaned_data
        return IncomeLine(
            kind=values["kind"],
            amount=values["amount"],
            item=values.get("item") or "",
            quantity=values.get("quantity"),
            unit=values.get("unit") or "",
            unit_price=values.get("unit_price"),
            evidence=values.get("evidence") or "",
        )


def shown(lines: Iterable[IncomeLine]) -> list[IncomeLine]:
    """Return the lines that a clerk typed as such."""
    return [line for line in lines if line.item != SUMMARY]


def sums(lines: Iterable[IncomeLine]) -> dict[str, Decimal]:
    """Return what the lines of each amount come to."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        totals[line.kind] += line.amount
    return dict(totals)
