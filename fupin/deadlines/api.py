"""`/api/v1/deadlines/`: the clocks of the post's divisions as they stand today. The worker writes them, nobody else."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fupin.accounts.api.asking import filtered, ordered, questions, user_of
from fupin.deadlines.forms.filters import ClockFilter
from fupin.deadlines.models import Clock
from fupin.deadlines.rules import Colour, Stage, colour_on, day_of, days_left, stage_on


class DeadlineSerializer(serializers.ModelSerializer[Clock]):
    """一项时限。"""

    division = serializers.CharField(source="division_id", help_text="事由所在区划")
    at = serializers.CharField(source="at_id", help_text="责任岗位所在区划")
    responsible = serializers.CharField(
        source="user.full_name", default=None, allow_null=True, help_text="责任人姓名；没有则由岗位负责"
    )
    stage = serializers.SerializerMethodField(help_text="今天走到哪一步；已办结的为空")
    colour = serializers.SerializerMethodField(help_text="按剩余天数；已办结的为空")
    days_left = serializers.SerializerMethodField(help_text="今天到期为 0，逾期为负；已办结的为空")
    url = serializers.SerializerMethodField(help_text="所指事项的页面")

    class Meta:
        model = Clock
        fields = (
            "id", "kind", "subject_key", "title", "basis", "division", "starts_on", "due_on", "warn_on", "escalate_on",
            "stage", "colour", "days_left", "role", "at", "responsible", "closed_on", "closed_because", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_stage(self, clock: Clock) -> Stage | None:
        """Return the stage of a running clock."""
        return None if clock.closed_on else stage_on(clock, self._today)

    def get_colour(self, clock: Clock) -> Colour | None:
        """Return the colour of a running clock."""
        return None if clock.closed_on else colour_on(clock, self._today)

    def get_days_left(self, clock: Clock) -> int | None:
        """Return the days that a running clock has left."""
        return None if clock.closed_on else days_left(clock, self._today)

    def get_url(self, clock: Clock) -> str | None:
        """Return the page of what the clock is about."""
        request: Any = self.context["request"]
        return request.build_absolute_uri(clock.url) if clock.url else None

    @property
    def _today(self) -> Any:
        return day_of(timezone.now())


@extend_schema_view(
    list=extend_schema(
        summary="时限列表",
        description="本部门岗位所属区划内、其权限看得到的各种时限，按到期日排列；不给 state 时未办结和已办结的都答。",
        parameters=questions(ClockFilter),
    ),
    retrieve=extend_schema(
        summary="一项时限",
        description="本部门岗位所属区划之外的答 404。",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)],
    ),
)
@extend_schema(tags=["deadlines"])
class Deadlines(viewsets.GenericViewSet[Clock]):
    """时限：由规则逐时推算，不能经接口改写。"""

    doors: ClassVar = {"list": "deadlines.view", "retrieve": "deadlines.view"}
    serializer_class = DeadlineSerializer
    filter_backends = ()
    lookup_field = "id"
    lookup_value_regex = r"\d{1,18}"
    queryset = Clock.objects.none()

    def get_queryset(self) -> "QuerySet[Clock]":
        """Return the clocks that the post may see."""
        return Clock.objects.visible_to(self.request.user).select_related("user")

    def list(self, request: Request) -> Response:
        """List the clocks, the first to run out on top."""
        today = day_of(timezone.now())
        asking = ClockFilter(request.query_params, self.get_queryset(), user=user_of(request), today=today)
        page = self.paginate_queryset(ordered(filtered(asking), "due_on")) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  (the word in the address)
        """Answer one clock."""
        clock = self.get_queryset().filter(pk=int(id)).first()
        if clock is None:
            raise Http404
        return Response(self.get_serializer(clock).data)
