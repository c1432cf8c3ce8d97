"""What the list of measures can be asked."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from registry.codes import MeasureKind
from registry.forms.filters import OneOf, in_division
from registry.models import AssistMeasure

STATES = (("standing", "有效"), ("withdrawn", "已作废"))


class MeasureFilter(filters.FilterSet):
    """Measures by place, kind, day, the household that they are for, and whether they stand."""

    division = filters.CharFilter(label="区划", method="by_division")
    kind = OneOf(label="种类", choices=MeasureKind.choices)
    since = filters.DateFilter(label="日期自", field_name="on", lookup_expr="gte")
    until = filters.DateFilter(label="至", field_name="on", lookup_expr="lte")
    household_no = filters.CharFilter(label="受益户编号", method="by_household", max_length=16)
    state = filters.ChoiceFilter(label="状态", choices=STATES, method="by_state")

    class Meta:
        model = AssistMeasure
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep a division's measures."""
        return in_division(rows, value.strip())

    def by_household(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep the measures that are for a household or for one of its members."""
        return rows.filter(recipients__household__household_no=value.strip()).distinct()

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep those that stand or those that were withdrawn."""
        return rows.filter(withdrawn_on__isnull=value == "standing")
