"""What the lists of payments and returns can be asked."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from funds.models import FundReturn, Payment
from funds.models.payment import PaymentStatus
from registry.forms.filters import OneOf, in_division

RECEIVED = (("1", "已到账"), ("0", "未到账"))


class PaymentFilter(filters.FilterSet):
    """Payments by place, household, list, day and what became of them."""

    division = filters.CharFilter(label="区划", method="by_division")
    household_no = filters.CharFilter(
        label="户编号", field_name="household__household_no", lookup_expr="exact", max_length=16
    )
    batch = filters.CharFilter(label="支付清单编号", field_name="batch__number", lookup_expr="exact")
    period = filters.CharFilter(label="所属期", lookup_expr="exact", max_length=7)
    status = OneOf(label="状态", choices=PaymentStatus.choices)
    since = filters.DateFilter(label="日期自", field_name="status_on", lookup_expr="gte")
    until = filters.DateFilter(label="至", field_name="status_on", lookup_expr="lte")

    class Meta:
        model = Payment
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep a division's payments."""
        return in_division(rows, value.strip())


class ReturnFilter(filters.FilterSet):
    """Returns by place, day, and whether they have arrived."""

    division = filters.CharFilter(label="区划", method="by_division")
    received = filters.ChoiceFilter(label="省级到账", choices=RECEIVED, method="by_received")
    since = filters.DateFilter(label="汇出日期自", field_name="sent_on", lookup_expr="gte")
    until = filters.DateFilter(label="至", field_name="sent_on", lookup_expr="lte")

    class Meta:
        model = FundReturn
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep a division's returns."""
        return in_division(rows, value.strip())

    def by_received(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep what has arrived at the province, or has not."""
        return rows.filter(received_on__isnull=value == "0")
