"""`/api/v1/notices/`: what was posted in the post's divisions, with its list. Posting asks for a photograph and a page of its own."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from fupin.accounts.api.asking import filtered, ordered, questions
from fupin.notices.forms.filters import NoticeFilter
from fupin.notices.models import Notice, NoticeLine


class NoticeLineSerializer(serializers.ModelSerializer[NoticeLine]):
    """名单的一行：只有可以公开的栏目。"""

    class Meta:
        model = NoticeLine
        fields = (
            "position", "subject_key", "name", "village", "natural_village", "persons", "kind", "reason", "amount",
        )  # fmt: skip
        read_only_fields = fields


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """一件公示或公告。"""

    division = serializers.CharField(source="division_id", help_text="公示地的 12 位代码")
    url = serializers.SerializerMethodField(help_text="公开页，不需登录")

    class Meta:
        model = Notice
        fields = (
            "number", "kind", "kind_title", "group", "division", "year", "title", "doc_no", "issuer", "contact_office",
            "contact_phone", "text", "unit", "posted_on", "days", "first_on", "last_on", "passes_on", "objectable",
            "line_count", "persons", "amount", "place", "check_code", "taken_down_on", "taken_down_because", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_url(self, notice: Notice) -> str:
        """Return the public page."""
        request: Any = self.context["request"]
        return str(reverse("public_notice", args=[notice.number], request=request))


class WholeNoticeSerializer(NoticeSerializer):
    """一件公示或公告，附名单。"""

    lines = serializers.SerializerMethodField(help_text="名单；已撤下的不再给出")

    class Meta:
        model = Notice
        fields = (*NoticeSerializer.Meta.fields, "lines")
        read_only_fields = fields

    @extend_schema_field(NoticeLineSerializer(many=True))
    def get_lines(self, notice: Notice) -> Any:
        """Return the rows of the list; of a notice that was taken down, none."""
        if notice.taken_down_on is not None:
            return []
        return NoticeLineSerializer(notice.lines.order_by("position"), many=True).data


@extend_schema_view(
    list=extend_schema(
        summary="公示、公告列表",
        description="本部门岗位所属区划内张贴的，最近的在前；名单在单件中。",
        parameters=questions(NoticeFilter),
    ),
    retrieve=extend_schema(
        summary="一件公示或公告，附名单",
        description="本部门岗位所属区划之外的答 404。",
        parameters=[OpenApiParameter("number", str, OpenApiParameter.PATH, description="编号")],
        responses=WholeNoticeSerializer,
    ),
)
@extend_schema(tags=["notices"])
class Notices(viewsets.GenericViewSet[Notice]):
    """公示公告：张贴须回传照片，在网页上办理。"""

    doors: ClassVar = {"list": "notices.view", "retrieve": "notices.view"}
    serializer_class = NoticeSerializer
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = r"\d{10}"
    queryset = Notice.objects.none()

    def get_queryset(self) -> "QuerySet[Notice]":
        """Return the notices of the post's divisions."""
        return Notice.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List the notices, the latest first."""
        asking = NoticeFilter(request.query_params, self.get_queryset(), today=timezone.localdate())
        page = self.paginate_queryset(ordered(filtered(asking), "-posted_on")) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, number: str) -> Response:
        """Answer one notice with its list."""
        notice = self.get_queryset().filter(number=number).first()
        if notice is None:
            raise Http404
        return Response(WholeNoticeSerializer(notice, context=self.get_serializer_context()).data)
