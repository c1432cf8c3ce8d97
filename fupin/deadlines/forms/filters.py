"""What the lists of clocks and reminders can be asked."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.forms import DateInput, HiddenInput, Select

from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.accounts.roles import BUSINESS, Role
from fupin.deadlines.kinds import kinds_for
from fupin.deadlines.models import Clock, Reminder
from fupin.deadlines.rules import Colour, Stage
from fupin.divisions.codes import code_range
from fupin.divisions.widgets import DivisionInput

_DATE = DateInput(attrs={"type": "date"})
_CHOICE = Select(attrs={"data-plain": "1"})

CLOSED = (("running", "未办结"), ("kept", "按时办结"), ("late", "逾期办结"))


class ClockFilter(filters.FilterSet):
    """Clocks by place, kind, colour, whose they are, whether they still run, and when they are due."""

    division = filters.CharFilter(label="区划", method="by_division", widget=DivisionInput())
    kind = filters.ChoiceFilter(label="事项", empty_label="全部", widget=_CHOICE)
    colour = filters.ChoiceFilter(
        label="剩余时间", method="by_colour", choices=Colour.choices, empty_label="全部", widget=_CHOICE
    )
    state = filters.ChoiceFilter(
        label="办结", method="by_state", choices=CLOSED, empty_label="全部", widget=_CHOICE
    )
    role = filters.ChoiceFilter(
        label="责任岗位",
        choices=[(role.value, role.label) for role in Role if role in BUSINESS],
        empty_label="全部",
        widget=_CHOICE,
    )
    mine = filters.ChoiceFilter(
        label="责任人", method="by_mine", choices=[("1", "我或我的岗位")], empty_label="全部", widget=_CHOICE
    )
    since = filters.DateFilter(label="到期日自", field_name="due_on", lookup_expr="gte", widget=_DATE)
    until = filters.DateFilter(label="至", field_name="due_on", lookup_expr="lte", widget=_DATE)
    order = filters.OrderingFilter(
        label="排序",
        fields={"due_on": "due", "division_id": "division", "title": "title"},
        field_labels={"due_on": "到期日", "division_id": "区划", "title": "事项"},
        widget=HiddenInput,
    )

    class Meta:
        model = Clock
        fields = ()

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        kinds = kinds_for(lambda permission: may(user, permission))
        self.filters["kind"].extra["choices"] = [(kind.name, kind.title) for kind in kinds]

    def by_division(self, rows: QuerySet[Clock], _name: str, value: str) -> QuerySet[Clock]:
        """Keep what lies at or below a division; what is no code keeps nothing."""
        try:
            low, high = code_range(int(value))
        except ValueError:
            return rows.none()
        return rows.filter(division_id__gte=low, division_id__lt=high)

    def by_colour(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep the running clocks of a colour today."""
        return Clock.objects.running().in_colour(Colour(value), self.today) & rows

    def by_state(self, rows: QuerySet[Clock], _name: str, value: str) -> QuerySet[Clock]:
        """Keep those that run, those kept in time, or those that were late."""
        return rows.filter(
            {
                "running": Q(closed_on__isnull=True),
                "kept": Q(closed_on__lte=F("due_on")),
                "late": Q(closed_on__gt=F("due_on")),
            }[value]
        )

    def by_mine(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep those that the user answers for under his present post."""
        return Clock.objects.answered_by(self.user.post) & rows if self.user.post else rows.none()


class ReminderFilter(filters.FilterSet):
    """What one was told: what still waits, by stage."""

    state = filters.ChoiceFilter(
        label="状态",
        method="by_state",
        choices=[("waiting", "待知悉"), ("known", "已知悉"), ("over", "事已办结或改期")],
        empty_label="全部",
        widget=_CHOICE,
    )
    stage = filters.ChoiceFilter(label="阶段", choices=Stage.choices[1:], empty_label="全部", widget=_CHOICE)

    class Meta:
        model = Reminder
        fields = ()

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep what waits, what was taken note of, or what no longer matters."""
        if value == "waiting":
            return rows & Reminder.objects.waiting()
        if value == "known":
            return rows.filter(acknowledged_at__isnull=False)
        return rows.filter(Q(clock__closed_on__isnull=False) | ~Q(due_on=F("clock__due_on")))
