"""What the list of persons can be asked."""

import django_filters as filters
from django.db.models import QuerySet

from registry.codes import ChangeType, Health, Labor
from registry.forms.filters import YES_NO
from registry.forms.person_filters import PersonFilter
from registry.models import MemberYear


class MemberFilter(PersonFilter):
    """Persons of a year by place, household, name, health, work and allowance."""

    household_no = filters.CharFilter(label="户编号", field_name="household_year__household__household_no")
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

    def by_health(self, rows: "QuerySet[MemberYear]", _name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep people who have the condition, among others perhaps."""
        return rows.filter(health__contains=[value])
