"""`/api/v1/labourers/`: poor labourers' cards, one a person and year, with trainings and certificates."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fupin.accounts.doors import Door
from registry.api.answers import as_api, refusals
from registry.api.asking import YEAR, filtered, object_in, ordered, parameters, user_of, year_asked
from registry.api.described import NOT_HERE, REFUSED, STALE
from registry.api.reading import Reader, read_labourer, without_unread
from registry.api.serializers import LABOURER_CARD
from registry.api.showing import labourer_data, labourer_url, plain_labourer
from registry.forms.labourer_filters import LabourerFilter
from registry.models import LabourerYear, Member, MemberYear
from registry.reports.labourers import read_labourer as stored_labourer, read_labourers
from registry.reports.years import entry_year
from registry.rules.findings import error, errors_in
from registry.rules.labourer import LabourerCard
from registry.services.labourers import check, save_labourer_card

_NUMBER = OpenApiParameter("member_no", str, OpenApiParameter.PATH, description="18 位人编号")
_CHANGED = {200: LABOURER_CARD, 400: REFUSED, 404: NOT_HERE, 409: STALE}


@extend_schema_view(
    list=extend_schema(
        summary="劳动力卡列表",
        description="某年度的劳动力卡，附培训经历和技能证书。",
        parameters=parameters(LabourerFilter),
        responses=LABOURER_CARD(many=True),
    ),
    retrieve=extend_schema(
        summary="一名劳动力某年度的卡",
        description="不给 year 答最近一年。",
        parameters=[_NUMBER, YEAR],
        responses={200: LABOURER_CARD, 404: NOT_HERE},
    ),
    create=extend_schema(
        summary="为户内一名成员建卡",
        description="成员须在本年度的户卡上。",
        request=LABOURER_CARD,
        responses={201: LABOURER_CARD, 400: REFUSED, 404: NOT_HERE, 409: STALE},
    ),
    update=extend_schema(
        summary="整卡修改",
        description="version 是修改所依据的版本；没有送的字段即为空。",
        parameters=[_NUMBER, YEAR],
        request=LABOURER_CARD,
        responses=_CHANGED,
    ),
    partial_update=extend_schema(
        summary="部分修改：没有送的字段不变",
        description="送了 trainings 或 certificates 的，以所送为全部。",
        parameters=[_NUMBER, YEAR],
        request=LABOURER_CARD,
        responses=_CHANGED,
    ),
)
@extend_schema(tags=["labourers"])
class Labourers(viewsets.GenericViewSet[LabourerYear]):
    """贫困劳动力卡。"""

    doors: ClassVar = {
        "list": "registry.view_labourer",
        "retrieve": "registry.view_labourer",
        "create": Door("registry.change_labourer", audit="labourer.change"),
        "update": Door("registry.change_labourer", audit="labourer.change"),
        "partial_update": Door("registry.change_labourer", audit="labourer.change"),
    }
    serializer_class = LABOURER_CARD
    filter_backends = ()
    lookup_field = "member_no"
    lookup_value_regex = r"\d{18}"
    queryset = LabourerYear.objects.none()

    def get_queryset(self) -> "QuerySet[LabourerYear]":
        """Return the cards that the post may see."""
        return LabourerYear.objects.visible_to(self.request.user).select_related(
            "member__household", "updated_by"
        )

    def list(self, request: Request) -> Response:
        """List the cards of a year; trainings and certificates come with two queries a page."""
        year = year_asked(request) or entry_year()
        rows = filtered(
            LabourerFilter(request.query_params, self.get_queryset().filter(year=year), year=year)
        )
        page = self.paginate_queryset(ordered(rows, "division_id", "member_id")) or []
        shown = [labourer_data(row, card, request) for row, card in read_labourers(page)]
        return self.get_paginated_response(LABOURER_CARD(shown, many=True).data)

    def retrieve(self, request: Request, member_no: str) -> Response:
        """Answer the latest year, or the one asked for."""
        row = self._row(member_no, year_asked(request))
        if row is None:
            raise Http404
        return self._shown(row)

    def create(self, request: Request) -> Response:
        """Give a member his labourer's card of a year."""
        data, reader = object_in(request), Reader(whole=True)
        year = reader.year(data)
        member_no = str(data.get("member_no") or "")
        if not member_no:
            reader.refuse("member_no", "请填人编号")
            raise refusals(reader.wrong)
        if year is None:
            raise refusals(reader.wrong or [error("R-20", "year", "年度未填")])
        row = self._save(reader, data, self._member(member_no), year, None, None)
        return self._shown(row, status=201, headers={"Location": labourer_url(row, request)})

    def update(self, request: Request, member_no: str, *, whole: bool = True) -> Response:
        """Change the card of a year; `version` is the one that the change started from."""
        data, reader = object_in(request), Reader(whole=whole)
        member = self._member(member_no)
        sent = reader.year(data) if data.get("year") is not None else None
        year = sent or year_asked(request)
        row = self._row(member_no, year)
        if row is None:
            raise Http404
        version = reader.version(data)
        if version is None:
            reader.refuse("version", f"请带上修改所依据的版本（现为第 {row.version} 版）")
        return self._shown(self._save(reader, data, member, row.year, row, version))

    def partial_update(self, request: Request, member_no: str) -> Response:
        """Change what was sent, leave the rest."""
        return self.update(request, member_no, whole=False)

    def _save(
        self,
        reader: Reader,
        data: Mapping[str, Any],
        member: Member,
        year: int,
        row: LabourerYear | None,
        version: int | None,
    ) -> LabourerYear:
        reasons, today = reader.reasons(data), timezone.localdate()
        before = stored_labourer(row) if row else None
        card = read_labourer(reader, data, year=year, member_no=member.member_no, before=before)
        if reader.wrong:
            member_year = MemberYear.objects.select_related("member").filter(member=member, year=year).first()
            found = check(member_year=member_year, card=card, on=today) if member_year else []
            raise refusals([*reader.wrong, *without_unread(errors_in(found), reader.wrong)])
        with as_api(lambda: self._both(member, card)):
            saved = save_labourer_card(
                actor=user_of(self.request),
                member=member,
                card=card,
                base_version=version,
                confirmed=reasons,
                on=today,
            )
        return saved.labourer_year

    def _member(self, member_no: str) -> Member:
        return get_object_or_404(Member.objects.visible_to(self.request.user), member_no=member_no)

    def _row(self, member_no: str, year: int | None) -> LabourerYear | None:
        rows = self.get_queryset().filter(member__member_no=member_no)
        return (rows.filter(year=year) if year else rows).order_by("-year").first()

    def _both(self, member: Member, card: LabourerCard) -> Mapping[str, Any]:
        row = self._row(member.member_no, card.year)
        return {
            "current": self._data(row) if row else None,
            "submitted": LABOURER_CARD({**plain_labourer(card), "name": member.name}).data,
        }

    def _data(self, row: LabourerYear) -> Any:
        return LABOURER_CARD(labourer_data(row, stored_labourer(row), self.request)).data

    def _shown(self, row: LabourerYear, **how: Any) -> Response:
        return Response(self._data(self.get_queryset().get(pk=row.pk)), **how)
