"""`/api/v1/payments/` and `/api/v1/returns/`: what reached whom, and what went back to the province. Both are only read here."""

from typing import Any, ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from funds.forms.spending_filters import PaymentFilter, ReturnFilter
from funds.models import FundReturn, Payment
from fupin.accounts.api.asking import filtered, ordered, questions

_ID = OpenApiParameter("id", int, OpenApiParameter.PATH)


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """一笔支付：账号只给末四位。"""

    division = serializers.CharField(source="division_id", help_text="12 位代码")
    batch = serializers.CharField(source="batch.number", help_text="支付清单编号")
    household_no = serializers.CharField(source="household.household_no", default=None)
    acceptance_on = serializers.DateField(source="acceptance.on", default=None, help_text="验收日期")

    class Meta:
        model = Payment
        fields = (
            "id", "division", "batch", "seq", "household_no", "payee_name", "bank_name", "account_masked", "item",
            "period", "source", "amount_yuan", "status", "status_on", "because", "recovered_yuan", "acceptance_on",
        )  # fmt: skip
        read_only_fields = fields


class ReturnSerializer(serializers.ModelSerializer[FundReturn]):
    """一笔归还。"""

    division = serializers.CharField(source="division_id", help_text="县的 12 位代码")
    stranding = serializers.CharField(source="stranding.number", help_text="滞留资金编号")
    appropriation = serializers.CharField(source="stranding.appropriation.number", help_text="资金文件文号")
    reason = serializers.CharField(source="stranding.reason")
    due_on = serializers.DateField(source="stranding.due_on", help_text="归还期止")

    class Meta:
        model = FundReturn
        fields = (
            "id", "number", "division", "stranding", "appropriation", "reason", "part", "amount_yuan", "sent_on",
            "document_no", "received_on", "due_on",
        )  # fmt: skip
        read_only_fields = fields


class _Reading(viewsets.GenericViewSet[Any]):
    """A collection that is only read: a list with filters, and one row."""

    filter_backends = ()
    asking: ClassVar[type[filters.FilterSet]]
    usual: ClassVar[str]
    lookup_value_regex = r"\d+"

    def list(self, request: Request) -> Response:
        """List the rows of the post's divisions."""
        rows = filtered(self.asking(request.query_params, self.get_queryset()))
        page = self.paginate_queryset(ordered(rows, self.usual)) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Answer one row."""
        found = self.get_queryset().filter(pk=int(pk)).first() if len(pk) < 19 else None
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data)


@extend_schema_view(
    list=extend_schema(
        summary="支付明细",
        description="本部门岗位所属区划内的，最近的在前。",
        parameters=questions(PaymentFilter),
    ),
    retrieve=extend_schema(summary="一笔支付", parameters=[_ID]),
)
@extend_schema(tags=["payments"])
class Payments(_Reading):
    """支付：编制、批准、支付在网页上由三个人办理。"""

    doors: ClassVar = {"list": "funds.view_money", "retrieve": "funds.view_money"}
    serializer_class = PaymentSerializer
    queryset = Payment.objects.none()
    asking = PaymentFilter
    usual = "-batch_id"

    def get_queryset(self) -> "QuerySet[Payment]":
        """Return the payments of the post's divisions."""
        rows = Payment.objects.visible_to(self.request.user)
        return rows.select_related("batch", "household", "acceptance")


@extend_schema_view(
    list=extend_schema(
        summary="归还",
        description="本部门岗位所属区划内归还省级财政的，最近的在前。",
        parameters=questions(ReturnFilter),
    ),
    retrieve=extend_schema(summary="一笔归还", parameters=[_ID]),
)
@extend_schema(tags=["returns"])
class Returns(_Reading):
    """归还：全额，不抵扣；在网页上办理。"""

    doors: ClassVar = {"list": "funds.view_money", "retrieve": "funds.view_money"}
    serializer_class = ReturnSerializer
    queryset = FundReturn.objects.none()
    asking = ReturnFilter
    usual = "-sent_on"

    def get_queryset(self) -> "QuerySet[FundReturn]":
        """Return the returns of the post's divisions."""
        rows = FundReturn.objects.visible_to(self.request.user)
        return rows.select_related("stranding__appropriation")
