"""`/api/v1/members/`: persons of a year. A person is changed with his household's card."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.asking import YEAR, filtered, ordered, parameters, year_asked
from registry.api.described import NOT_HERE
from registry.api.serializers import MEMBER_ROW
from registry.api.showing import member_data
from registry.forms.member_filters import MemberFilter
from registry.models import MemberYear
from registry.reports.assembly import member_card
from registry.reports.years import entry_year

_NUMBER = OpenApiParameter("member_no", str, OpenApiParameter.PATH, description="18 位人编号")


@extend_schema_view(
    list=extend_schema(
        summary="成员列表",
        description="某年度的家庭成员。",
        parameters=parameters(MemberFilter),
        responses=MEMBER_ROW(many=True),
    ),
    retrieve=extend_schema(
        summary="一名成员某年度的情况",
        description="不给 year 答最近一年；改动请提交整张户卡。",
        parameters=[_NUMBER, YEAR],
        responses={200: MEMBER_ROW, 404: NOT_HERE},
    ),
)
@extend_schema(tags=["members"])
class Members(viewsets.GenericViewSet[MemberYear]):
    """家庭成员。"""

    doors: ClassVar = {"list": "registry.view_household", "retrieve": "registry.view_household"}
    serializer_class = MEMBER_ROW
    filter_backends = ()
    lookup_field = "member_no"
    lookup_value_regex = r"\d{18}"
    queryset = MemberYear.objects.none()

    def get_queryset(self) -> "QuerySet[MemberYear]":
        """Return the persons' years that the post may see."""
        return MemberYear.objects.visible_to(self.request.user).select_related(
            "member", "household_year__household"
        )

    def list(self, request: Request) -> Response:
        """List the persons of a year; one query a page."""
        year = year_asked(request) or entry_year()
        rows = filtered(MemberFilter(request.query_params, self.get_queryset().filter(year=year)))
        page = self.paginate_queryset(ordered(rows, "division_id")) or []
        shown = [member_data(member_card(row.member, row), row, request) for row in page]
        return self.get_paginated_response(MEMBER_ROW(shown, many=True).data)

    def retrieve(self, request: Request, member_no: str) -> Response:
        """Answer the latest year, or the one asked for."""
        rows = self.get_queryset().filter(member__member_no=member_no)
        year = year_asked(request)
        row = (rows.filter(year=year) if year else rows).order_by("-year").first()
        if row is None:
            raise Http404
        return Response(MEMBER_ROW(member_data(member_card(row.member, row), row, request)).data)
