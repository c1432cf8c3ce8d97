"""What the lists of the register can be asked, each question a name in the address."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q, QuerySet

from fupin.divisions.codes import code_range
from fupin.policy.standards import NoStandard, poverty_line
from registry.codes import Cause, DangerLevel, HouseholdStatus, IdentificationStandard, PoorType
from registry.models import HouseholdYear
from registry.rules.poverty import is_above_line, is_below_line

NEAR = 1.1
"""Up to a tenth above the line counts as near it."""
INCOME_POSITIONS = (
    ("below", "低于线"),
    ("edge", "低于线或高出 10% 内"),
    ("near", "高出 10% 内"),
    ("above", "高于线"),
)
YES_NO = (("1", "是"), ("0", "否"))


def in_division(rows: "QuerySet[Any]", code: str) -> "QuerySet[Any]":
    """Keep the rows at or below the division whose 12-digit code was asked; what is no code keeps nothing."""
    try:
        low, high = code_range(int(code))
    except ValueError:
        return rows.none()
    return rows.filter(division_id__gte=low, division_id__lt=high)


class OneOf(filters.MultipleChoiceFilter):
    """One of several codes of the row itself: it can't double rows, so nothing needs to be made distinct."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class HouseholdFilter(filters.FilterSet):
    """Cards of a year by place, status, cause, income and what is missing on them."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="姓名、拼音或户编号", method="by_words")
    status = OneOf(label="状态", field_name="household__status", choices=HouseholdStatus.choices)
    poor_type = OneOf(label="属性", choices=PoorType.choices)
    cause_main = OneOf(label="主因", choices=Cause.choices)
    id_standard = filters.ChoiceFilter(label="识别标准", choices=IdentificationStandard.choices)
    income = filters.ChoiceFilter(label="人均纯收入", choices=INCOME_POSITIONS, method="by_income")
    danger_level = OneOf(label="危房等级", choices=DangerLevel.choices)
    water_difficult = filters.ChoiceFilter(label="饮水困难", choices=YES_NO, method="by_yes_no")
    is_zero_employment = filters.ChoiceFilter(label="零就业家庭", choices=YES_NO, method="by_yes_no")
    remarks = filters.ChoiceFilter(label="待说明提示", choices=(("1", "有"),), method="by_remarks")
    members_min = filters.NumberFilter(
        label="人口不少于", field_name="member_count", lookup_expr="gte", min_value=0
    )
    members_max = filters.NumberFilter(
        label="人口不多于", field_name="member_count", lookup_expr="lte", min_value=0
    )
    order = filters.OrderingFilter(
        label="排序",
        fields={
            "household__household_no": "household_no",
            "head_pinyin": "head_pinyin",
            "division_id": "division",
            "member_count": "member_count",
            "net_income_pc": "net_income_pc",
            "updated_at": "updated_at",
        },
        field_labels={
            "household__household_no": "户编号",
            "head_pinyin": "户主",
            "division_id": "村",
            "member_count": "人口",
            "net_income_pc": "人均纯收入",
            "updated_at": "最近更新",
        },
        widget=forms.HiddenInput,
    )

    class Meta:
        model = HouseholdYear
        fields: list[str] = []

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def by_division(
        self, rows: "QuerySet[HouseholdYear]", _name: str, value: str
    ) -> "QuerySet[HouseholdYear]":
        """Keep a division's cards."""
        return in_division(rows, value.strip())

    def by_words(self, rows: "QuerySet[HouseholdYear]", _name: str, value: str) -> "QuerySet[HouseholdYear]":
        """Keep cards whose head's name, pinyin or initials, or whose number begin so."""
        word = value.strip()
        if word.isdigit():
            return rows.filter(household__household_no__prefix=word)
        key = word.lower().replace(" ", "")
        if key.isascii():
            return rows.filter(Q(head_pinyin__prefix=key) | Q(head_initials__prefix=key))
        return rows.filter(head_name__prefix=word)

    def by_income(self, rows: "QuerySet[HouseholdYear]", _name: str, value: str) -> "QuerySet[HouseholdYear]":
        """Keep cards by their distance to the year's line, compared unrounded."""
        try:
            line = poverty_line(self.year).amount
        except NoStandard:
            return rows.none()
        near = Q(member_count__gt=0, net_income__lte=F("member_count") * line * NEAR)
        kept = {
            "below": is_below_line(line),
            "edge": near,
            "near": near & ~is_below_line(line),
            "above": is_above_line(line),
        }
        return rows.filter(kept[value])

    def by_yes_no(self, rows: "QuerySet[HouseholdYear]", name: str, value: str) -> "QuerySet[HouseholdYear]":
        """Keep cards on which the question was answered so."""
        return rows.filter(**{name: value == "1"})

    def by_remarks(
        self, rows: "QuerySet[HouseholdYear]", _name: str, _value: str
    ) -> "QuerySet[HouseholdYear]":
        """Keep cards with remarks that nobody has explained yet."""
        return rows.filter(open_remarks__gt=0)
