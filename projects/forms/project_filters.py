"""What the list of projects can be asked, each question a name in the address."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from fupin.divisions.widgets import DivisionInput
from projects.codes import Industry, ProjectKind, Stage, UseWay
from projects.models import Project, ProjectQuerySet
from registry.forms.filters import YES_NO, OneOf, in_division

LATE = (("start", "应开工未开工"), ("finish", "应完工未完工"), ("accept", "应验收未验收"))


class ProjectFilter(filters.FilterSet):
    """Projects by place, name, kind, stage, year and what is late."""

    division = filters.CharFilter(label="区划", method="by_division", widget=DivisionInput)
    q = filters.CharFilter(label="项目名称、编号、实施单位", method="by_words")
    year = filters.NumberFilter(label="计划年度", min_value=2011, max_value=2030)
    stage = OneOf(label="环节", choices=Stage.choices)
    kind = OneOf(label="类别", choices=ProjectKind.choices)
    industry = OneOf(label="产业", choices=Industry.choices)
    use_way = OneOf(label="使用方式", choices=UseWay.choices)
    is_to_household = filters.ChoiceFilter(label="到户项目", choices=YES_NO, method="by_yes_no")
    needs_prov_approval = filters.ChoiceFilter(label="须省级审批", choices=YES_NO, method="by_yes_no")
    late = filters.ChoiceFilter(label="超期", choices=LATE, method="by_late")
    order = filters.OrderingFilter(
        label="排序",
        fields={
            "number": "number",
            "division_id": "division",
            "planned_yuan": "planned_yuan",
            "planned_finish_on": "planned_finish_on",
            "stage_on": "stage_on",
        },
        field_labels={
            "number": "编号",
            "division_id": "所在地",
            "planned_yuan": "计划投资",
            "planned_finish_on": "计划完工",
            "stage_on": "进入环节日期",
        },
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def by_division(self, rows: "QuerySet[Project]", _name: str, value: str) -> "QuerySet[Project]":
        """Keep a division's projects."""
        return in_division(rows, value.strip())

    def by_words(self, rows: "QuerySet[Project]", _name: str, value: str) -> "QuerySet[Project]":
        """Keep projects whose name, number or implementing unit holds the words."""
        word = value.strip()
        return rows.filter(
            Q(name__contains=word) | Q(number__startswith=word) | Q(implementing_unit__contains=word)
        )

    def by_yes_no(self, rows: "QuerySet[Project]", name: str, value: str) -> "QuerySet[Project]":
        """Keep those for which a fact holds, or those for which it does not."""
        return rows.filter(**{name: value == "1"})

    def by_late(self, rows: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        """Keep those that are late in one way."""
        if value == "start":
            return rows.start_overdue(self.day)
        return rows.finish_overdue(self.day) if value == "finish" else rows.acceptance_overdue(self.day)
