"""What the list of persons can be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from registry.codes import ChangeType, Health, Labor, Sex
from registry.forms.filters import YES_NO, in_division
from registry.models import MemberYear


class MemberFilter(filters.FilterSet):
    """Persons of a year by place, household, name, health, work and allowance."""

    division = filters.CharFilter(label="区划", method="by_division")
    household_no = filters.CharFilter(label="户编号", field_name="household_year__household__household_no")
    q = filters.CharFilter(label="姓名、拼音或人编号", method="by_words")
    sex = filters.ChoiceFilter(label="性别", field_name="member__sex", choices=Sex.choices)
    labor = filters.MultipleChoiceFilter(label="劳动能力", choices=Labor.choices)
    health = filters.ChoiceFilter(label="健康状况", method="by_health", choices=Health.choices)
    is_dibao = filters.ChoiceFilter(label="享受农村低保", choices=YES_NO, method="by_yes_no")
    is_wubao = filters.ChoiceFilter(label="五保供养", choices=YES_NO, method="by_yes_no")
    is_labourer = filters.ChoiceFilter(label="劳动力", choices=YES_NO, method="by_yes_no")
    is_counted = filters.ChoiceFilter(label="年末在册", choices=YES_NO, method="by_yes_no")
    change_type = filters.MultipleChoiceFilter(label="变动类型", choices=ChangeType.choices)

    class Meta:
        model = MemberYear
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[MemberYear]", _name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep a division's people."""
        return in_division(rows, value.strip())

    def by_words(self, rows: "QuerySet[MemberYear]", _name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep people whose name, pinyin or initials, or whose number begin so."""
        word = value.strip()
        if word.isdigit():
            return rows.filter(member__member_no__prefix=word)
        key = word.lower().replace(" ", "")
        if key.isascii():
            return rows.filter(Q(member__name_pinyin__prefix=key) | Q(member__name_initials__prefix=key))
        return rows.filter(member__name__prefix=word)

    def by_health(self, rows: "QuerySet[MemberYear]", _name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep people who have the condition, among others perhaps."""
        return rows.filter(health__contains=[value])

    def by_yes_no(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        """Keep people of whom the question was answered so."""
        return rows.filter(**{name: value == "1"})
