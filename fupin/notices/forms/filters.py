"""What the list of posted notices can be asked."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from fupin.divisions.codes import code_range
from fupin.notices.kinds import KINDS, Group
from fupin.notices.models import Notice

STATES = (("standing", "公示中"), ("over", "已期满"), ("down", "已撤下"))


class NoticeFilter(filters.FilterSet):
    """Posted notices by place, kind, year, whether they stand, and when they were posted."""

    division = filters.CharFilter(label="区划", method="by_division")
    kind = filters.ChoiceFilter(label="种类")
    group = filters.ChoiceFilter(label="类别", choices=Group.choices)
    year = filters.NumberFilter(label="年度", min_value=2013, max_value=2100)
    state = filters.ChoiceFilter(label="状态", choices=STATES, method="by_state")
    since = filters.DateFilter(label="张贴日期自", field_name="posted_on", lookup_expr="gte")
    until = filters.DateFilter(label="至", field_name="posted_on", lookup_expr="lte")
    subject_key = filters.CharFilter(label="所指", method="by_subject", max_length=60)

    class Meta:
        model = Notice
        fields = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["kind"].extra["choices"] = [(code, kind.title) for code, kind in sorted(KINDS.items())]

    def by_division(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        """Keep what was posted at or below a division; what is no code keeps nothing."""
        try:
            low, high = code_range(int(value))
        except ValueError:
            return rows.none()
        return rows.filter(division_id__gte=low, division_id__lt=high)

    def by_state(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        """Keep what stands today, what is over, or what was taken down."""
        if value == "down":
            return rows.filter(taken_down_on__isnull=False)
        rows = rows.filter(taken_down_on__isnull=True)
        return (
            rows.filter(last_on__gte=self.today)
            if value == "standing"
            else rows.filter(last_on__lt=self.today)
        )

    def by_subject(self, rows: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        """Keep those with a row for something of an app's, as `case:` and a case's number."""
        return rows.filter(lines__subject_key=value)
