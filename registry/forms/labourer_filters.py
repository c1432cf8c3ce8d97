"""What the list of labourers can be asked."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from registry.codes import EmploymentStatus, WorkArea
from registry.forms.filters import YES_NO
from registry.forms.person_filters import PersonFilter
from registry.models import LabourerYear, Training


class LabourerFilter(PersonFilter):
    """Labourers' cards of a year by place, name, work and training."""

    emp_status = filters.MultipleChoiceFilter(label="就业失业类型", choices=EmploymentStatus.choices)
    work_area = filters.MultipleChoiceFilter(label="务工区域", choices=WorkArea.choices)
    stable_emp = filters.ChoiceFilter(label="是否稳定就业", choices=YES_NO, method="by_yes_no")
    train_will = filters.ChoiceFilter(label="培训意愿", choices=YES_NO, method="by_yes_no")
    is_away_youth = filters.ChoiceFilter(label="外出青壮年", choices=YES_NO, method="by_yes_no")
    return_will = filters.ChoiceFilter(label="返乡意向", choices=YES_NO, method="by_yes_no")
    trained = filters.ChoiceFilter(label="参加过培训", choices=YES_NO, method="by_training")
    remarks = filters.ChoiceFilter(label="待说明提示", choices=(("1", "有"),), method="by_remarks")
    order = filters.OrderingFilter(
        label="排序",
        fields={
            "member__member_no": "member_no",
            "member__name_pinyin": "name_pinyin",
            "division_id": "division",
            "wage": "wage",
            "emp_months": "emp_months",
            "updated_at": "updated_at",
        },
        field_labels={
            "member__member_no": "人编号",
            "member__name_pinyin": "姓名",
            "division_id": "村",
            "wage": "月工资",
            "emp_months": "年内就业月数",
            "updated_at": "最近更新",
        },
        widget=forms.HiddenInput,
    )

    class Meta:
        model = LabourerYear
        fields: list[str] = []

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def by_training(self, rows: "QuerySet[LabourerYear]", _name: str, value: str) -> "QuerySet[LabourerYear]":
        """Keep labourers with, or without, a training on file."""
        trained = Exists(Training.objects.filter(member_id=OuterRef("member_id")))
        return rows.filter(trained if value == "1" else ~trained)

    def by_remarks(self, rows: "QuerySet[LabourerYear]", _name: str, _value: str) -> "QuerySet[LabourerYear]":
        """Keep cards with remarks that nobody has explained yet."""
        return rows.filter(open_remarks__gt=0)
