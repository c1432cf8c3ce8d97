"""What the list of labourers can be asked: whoever is a labourer by the household's card, with a card of his own or without."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from registry.codes import EmploymentStatus, Labor
from registry.forms.filters import YES_NO
from registry.forms.person_filters import PersonFilter
from registry.models import MemberYear


class LabourForceFilter(PersonFilter):
    """Labourers by place, name, sex, ability, employment, training wish, and whether they have a card."""

    labor = filters.MultipleChoiceFilter(label="劳动能力", choices=Labor.choices)
    emp_status = filters.MultipleChoiceFilter(
        label="就业失业类型", field_name="labourer_card__emp_status", choices=EmploymentStatus.choices
    )
    train_will = filters.ChoiceFilter(label="培训意愿", choices=YES_NO, method="by_card")
    stable_emp = filters.ChoiceFilter(label="稳定就业", choices=YES_NO, method="by_card")
    is_away_youth = filters.ChoiceFilter(label="外出青壮年", choices=YES_NO, method="by_card")
    card = filters.ChoiceFilter(
        label="劳动力卡", choices=(("missing", "未填"), ("there", "已填")), method="by_presence"
    )
    order = filters.OrderingFilter(
        label="排序",
        fields={"member__member_no": "member_no", "member__name_pinyin": "name", "division_id": "division"},
        field_labels={"member__member_no": "人编号", "member__name_pinyin": "姓名", "division_id": "村"},
        widget=forms.HiddenInput,
    )

    class Meta:
        model = MemberYear
        fields: list[str] = []

    def by_card(self, rows: "QuerySet[MemberYear]", name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep those whose card answers so."""
        answers: dict[str, Any] = {f"labourer_card__{name}": value == "1"}
        return rows.filter(**answers)

    def by_presence(self, rows: "QuerySet[MemberYear]", _name: str, value: str) -> "QuerySet[MemberYear]":
        """Keep those with, or without, a card."""
        return rows.filter(labourer_card__isnull=value == "missing")
