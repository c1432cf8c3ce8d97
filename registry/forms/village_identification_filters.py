"""What the page of 一高一低一无 can be asked, and against which figures of the province."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from fupin.policy.standards import NoStandard, province_year
from registry.codes import VillageStatus
from registry.forms.filters import OneOf, in_division
from registry.models import VillageYear
from registry.reports.village_identification import Measures

ANSWERS: Final[Mapping[str, tuple[str, dict[str, bool]]]] = {
    "all": ("三条都符合", {"high": True, "low": True, "without": True}),
    "not_high": ("不符合一高", {"high": False}),
    "not_low": ("不符合一低", {"low": False}),
    "not_without": ("不符合一无", {"without": False}),
}


class MeasuresForm(forms.Form):
    """The province's rate and income of the year: filled in where they are known, else asked for."""

    rate = forms.DecimalField(
        label="全省贫困发生率 %", min_value=0, max_value=100, decimal_places=4, max_digits=7
    )
    income = forms.DecimalField(label="全省农民人均纯收入 元", min_value=0, decimal_places=2, max_digits=9)

    def __init__(self, data: Any, *, year: int) -> None:
        known: dict[str, Any] = {}
        self.source = ""
        try:
            province = province_year(year)
        except NoStandard:
            pass
        else:
            known = {"rate": province.poverty_rate, "income": province.income_per_head}
            self.source = province.source
        given = {name: data.get(name) or known.get(name, "") for name in ("rate", "income")}
        self.is_own = any(Decimal(known[name]) != _number(given[name]) for name in known)
        super().__init__(given, label_suffix="", use_required_attribute=False)
        self.year = year

    def measures(self) -> Measures | None:
        """Return the figures; None where one is missing or is no number."""
        if not self.is_valid():
            return None
        return Measures(self.year, self.cleaned_data["rate"], self.cleaned_data["income"])


def _number(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except ArithmeticError:
        return None


class CandidateFilter(filters.FilterSet):
    """Villages by place, by what they fulfil, and by status."""

    division = filters.CharFilter(label="区划", method="by_division")
    meets = filters.ChoiceFilter(
        label="结论", choices=[(key, label) for key, (label, _) in ANSWERS.items()], method="by_answer"
    )
    status = OneOf(label="现状", field_name="village__status", choices=VillageStatus.choices)

    class Meta:
        model = VillageYear
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[VillageYear]", _name: str, value: str) -> "QuerySet[VillageYear]":
        """Keep a division's villages."""
        return in_division(rows, value.strip())

    def by_answer(self, rows: "QuerySet[VillageYear]", _name: str, value: str) -> "QuerySet[VillageYear]":
        """Keep the villages that fulfil all three, or not the one that is asked for."""
        return rows.filter(**ANSWERS[value][1])
