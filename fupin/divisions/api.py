"""`/api/v1/divisions/`: every division of one's post, whatever its level."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fupin.accounts.api.errors import Refusals
from fupin.accounts.models import User
from fupin.divisions.codes import Level, code_range
from fupin.divisions.models import Division


class DivisionSerializer(serializers.Serializer[Division]):
    """行政区划。"""

    code = serializers.CharField(source="pk", help_text="12 位代码")
    level = serializers.IntegerField(help_text="1 省 2 市 3 县 4 乡镇 5 村")
    name = serializers.CharField()
    path_name = serializers.CharField(help_text="省以下各级名称连写")
    parent = serializers.CharField(  # type: ignore[assignment]  # a field of the answer, not the serializer's own
        source="parent_id", allow_null=True, help_text="上级代码"
    )
    is_administrative_village = serializers.BooleanField(help_text="可建户卡")
    is_present_day = serializers.BooleanField(help_text="以现行区划代 2014 年的")
    present_code = serializers.CharField(allow_null=True, help_text="现行代码")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="自该日起不再有效")


@extend_schema_view(
    list=extend_schema(
        summary="区划列表",
        description="按代码排列。",
        parameters=[
            OpenApiParameter("level", int, enum=[1, 2, 3, 4, 5], description="1 省 2 市 3 县 4 乡镇 5 村"),
            OpenApiParameter("parent", str, description="上级的 12 位代码：只列其下一级"),
            OpenApiParameter("division", str, description="12 位代码：列其本身和以下各级"),
            OpenApiParameter("name", str, description="名称以此开头"),
        ],
    ),
    retrieve=extend_schema(
        summary="一个区划",
        description="本部门岗位所属区划之外的答 404。",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description="12 位代码")],
    ),
)
@extend_schema(tags=["divisions"])
class Divisions(viewsets.GenericViewSet[Division]):
    """本部门岗位所属区划及以下各级。"""

    doors: ClassVar = {"list": "divisions.view", "retrieve": "divisions.view"}
    serializer_class = DivisionSerializer
    filter_backends = ()
    lookup_field = "code"
    lookup_value_regex = r"\d{12}"
    queryset = Division.objects.none()

    def get_queryset(self) -> "QuerySet[Division]":
        """Return the divisions of the post, by code."""
        user: Any = self.request.user
        if not isinstance(user, User) or user.post is None:
            return Division.objects.none()
        return Division.objects.within(user.post.division_id).order_by("code")

    def list(self, request: Request) -> Response:
        """List divisions by level, parent, place or name."""
        page = self.paginate_queryset(_narrowed(self.get_queryset(), request.query_params)) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, code: str) -> Response:
        """Answer one division."""
        division = self.get_queryset().filter(pk=int(code)).first()
        if division is None:
            raise Http404
        return Response(self.get_serializer(division).data)


def _narrowed(rows: "QuerySet[Division]", asked: Any) -> "QuerySet[Division]":
    """Return the rows that were asked for; raise 400 by field for what means nothing."""
    wrong = []
    if level := asked.get("level"):
        if level in {str(one.value) for one in Level}:
            rows = rows.filter(level=int(level))
        else:
            wrong.append(("level", "level 应为 1 至 5"))
    for name in ("parent", "division"):
        if not (code := asked.get(name)):
            continue
        try:
            low, high = code_range(int(code) if code.isascii() and code.isdigit() else 0)
        except ValueError:
            wrong.append((name, f"{name} 应为 12 位区划代码"))
            continue
        rows = rows.filter(parent_id=low) if name == "parent" else rows.filter(code__gte=low, code__lt=high)
    if text := asked.get("name"):
        if "\x00" in text:
            wrong.append(("name", "名称中有无法识别的字符"))
        else:
            rows = rows.filter(name__startswith=text)
    if wrong:
        raise Refusals([{"field": field, "rule": "", "message": message} for field, message in wrong])
    return rows
