"""`/api/v1/appropriations/` and `/api/v1/allotments/`: documents of money and what of them went to counties."""

from datetime import date
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from funds.forms.allotment_filter import AllotmentFilter
from funds.models import Allotment, Appropriation
from funds.reports.passing import due_of
from fupin.accounts.api.asking import filtered, ordered, questions, user_of

_NUMBER = OpenApiParameter("id", int, OpenApiParameter.PATH)


class AppropriationFilter(filters.FilterSet):
    """By year, level and kind."""

    fiscal_year = filters.NumberFilter(label="预算年度")
    level = filters.CharFilter(label="级次")
    kind = filters.CharFilter(label="资金类别")

    class Meta:
        model = Appropriation
        fields: tuple[str, ...] = ()


class AppropriationSerializer(serializers.ModelSerializer[Appropriation]):
    """一份资金文件。"""

    due_on = serializers.SerializerMethodField(help_text="应下达完毕的日期；须省级审批的为空")

    class Meta:
        model = Appropriation
        fields = (
            "id", "number", "level", "kind", "fiscal_year", "issued_on", "received_on", "is_advance", "purpose",
            "amount_yuan", "needs_prov_approval", "approval_reason", "approved_on", "due_on",
        )  # fmt: skip
        read_only_fields = fields

    def get_due_on(self, document: Appropriation) -> date | None:
        """Return the day by which all of it is to be out."""
        return due_of(document)


class AllotmentSerializer(serializers.ModelSerializer[Allotment]):
    """下达到县的一笔资金。"""

    county_code = serializers.CharField(source="division_id")
    appropriation_number = serializers.CharField(source="appropriation.number")

    class Meta:
        model = Allotment
        fields = (
            "id", "appropriation_number", "county_code", "source", "amount_yuan", "document_no", "via_city",
            "issued_on", "passed_on", "received_on", "tasks", "answerable",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(
        summary="资金文件列表",
        description="省级看得到全部；市县看得到有资金下达到本区划的。",
        parameters=questions(AppropriationFilter),
    ),
    retrieve=extend_schema(summary="一份资金文件", parameters=[_NUMBER]),
)
@extend_schema(tags=["appropriations"])
class Appropriations(viewsets.GenericViewSet[Appropriation]):
    """资金文件：在页面上登记，由另一人复核。"""

    doors: ClassVar = {"list": "funds.view_money", "retrieve": "funds.view_money"}
    serializer_class = AppropriationSerializer
    filter_backends = ()
    lookup_field = "id"
    lookup_value_regex = r"\d{1,18}"
    queryset = Appropriation.objects.none()

    def get_queryset(self) -> "QuerySet[Appropriation]":
        """Return the documents that the post may see."""
        return Appropriation.objects.visible_to(user_of(self.request))

    def list(self, request: Request) -> Response:
        """List the documents, the latest first."""
        rows = ordered(filtered(AppropriationFilter(request.query_params, self.get_queryset())), "-issued_on")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  (the address's own word)
        """Answer one document."""
        found = self.get_queryset().filter(pk=int(id)).first()
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data)


@extend_schema_view(
    list=extend_schema(
        summary="下达到县列表",
        description="下达到本部门岗位所属区划内各县的资金。",
        parameters=questions(AllotmentFilter),
    ),
    retrieve=extend_schema(summary="下达到县的一笔", parameters=[_NUMBER]),
)
@extend_schema(tags=["allotments"])
class Allotments(viewsets.GenericViewSet[Allotment]):
    """下达到县：各级到达日期由各级在页面上登记。"""

    doors: ClassVar = {"list": "funds.view_money", "retrieve": "funds.view_money"}
    serializer_class = AllotmentSerializer
    filter_backends = ()
    lookup_field = "id"
    lookup_value_regex = r"\d{1,18}"
    queryset = Allotment.objects.none()

    def get_queryset(self) -> "QuerySet[Allotment]":
        """Return what went to counties of the post's division."""
        return Allotment.objects.visible_to(user_of(self.request)).select_related("appropriation")

    def list(self, request: Request) -> Response:
        """List what was issued, the latest first."""
        rows = ordered(filtered(AllotmentFilter(request.query_params, self.get_queryset())), "-issued_on")
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  (the address's own word)
        """Answer one allotment."""
        found: Any = self.get_queryset().filter(pk=int(id)).first()
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data)
