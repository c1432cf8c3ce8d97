"""`/api/v1/villages/`: the administrative villages on which a card may stand, and their table of a year."""

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
from fupin.divisions.codes import is_administrative_village
from fupin.divisions.models import Division
from fupin.vault.sealing import mask
from registry.api.answers import as_api, refusals
from registry.api.asking import YEAR, filtered, object_in, parameters, user_of, year_asked
from registry.api.described import NOT_HERE, REFUSED, STALE
from registry.api.reading import Reader, Values, read_village_table, without_unread
from registry.api.serializers import VILLAGE, VILLAGE_TABLE
from registry.api.showing import village_data, village_table_data
from registry.forms.village_filters import AdministrativeVillageFilter
from registry.models import HouseholdYear, VillageYear
from registry.reports.villages import poor_counts, read_table
from registry.reports.years import entry_year
from registry.rules.findings import errors_in
from registry.services.village_tables import check_table, save_village_table

_CODE = OpenApiParameter("village_code", str, OpenApiParameter.PATH, description="12 位村代码")
_CHANGED = {200: VILLAGE_TABLE, 400: REFUSED, 404: NOT_HERE, 409: STALE}


@extend_schema_view(
    list=extend_schema(
        summary="可建户卡的行政村",
        description="本部门岗位所属区划内的行政村；其他各级区划见 divisions。",
        parameters=[one for one in parameters(AdministrativeVillageFilter) if one is not YEAR],
        responses=VILLAGE(many=True),
    ),
    retrieve=extend_schema(
        summary="一村某年度的村表",
        description="不给 year 答正在录入的年度；没有填村表的只有户卡汇总数。",
        parameters=[_CODE, YEAR],
        responses={200: VILLAGE_TABLE, 404: NOT_HERE},
    ),
    update=extend_schema(
        summary="填报或整表修改",
        description="version 是修改所依据的版本，第一次填报不带。",
        parameters=[_CODE, YEAR],
        request=VILLAGE_TABLE,
        responses=_CHANGED,
    ),
    partial_update=extend_schema(
        summary="部分修改：没有送的字段不变",
        description="version 是修改所依据的版本。",
        parameters=[_CODE, YEAR],
        request=VILLAGE_TABLE,
        responses=_CHANGED,
    ),
)
@extend_schema(tags=["villages"])
class Villages(viewsets.GenericViewSet[Division]):
    """行政村和村表。"""

    doors: ClassVar = {
        "list": "registry.view_village",
        "retrieve": "registry.view_village",
        "update": Door("registry.change_village", audit="village.change"),
        "partial_update": Door("registry.change_village", audit="village.change"),
    }
    serializer_class = VILLAGE
    filter_backends = ()
    lookup_field = "village_code"
    lookup_value_regex = r"\d{12}"
    queryset = Division.objects.none()

    def get_queryset(self) -> "QuerySet[Division]":
        """Return the villages of the post."""
        post = user_of(self.request).post
        if post is None:
            return Division.objects.none()
        return Division.objects.within(post.division_id).administrative_villages().order_by("code")

    def list(self, request: Request) -> Response:
        """List the villages."""
        rows = filtered(AdministrativeVillageFilter(request.query_params, self.get_queryset()))
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(
            VILLAGE([village_data(village, request) for village in page], many=True).data
        )

    def retrieve(self, request: Request, village_code: str) -> Response:
        """Answer the table of the year being entered, or of the one asked for."""
        return self._shown(self._village(village_code), year_asked(request) or entry_year())

    def update(self, request: Request, village_code: str, *, whole: bool = True) -> Response:
        """Fill in or change the table of a year."""
        data, village = object_in(request), self._village(village_code)
        reader = Reader(whole=whole)
        sent = reader.year(data) if data.get("year") is not None else None
        year = sent or year_asked(request) or entry_year()
        table = self._table(village, year)
        version, reasons = reader.version(data), reader.reasons(data)
        if table is not None and version is None:
            reader.refuse("version", f"请带上修改所依据的版本（现为第 {table.version} 版）")
        values = read_village_table(reader, data, read_table(table) if table else None)
        today = timezone.localdate()
        found = errors_in(check_table(division=village, year=year, values=values, on=today))
        if reader.wrong:
            raise refusals([*reader.wrong, *without_unread(found, reader.wrong)])
        with as_api(lambda: self._both(village, year, values)):
            save_village_table(
                actor=user_of(request),
                division=village,
                year=year,
                values=values,
                base_version=version,
                confirmed=reasons,
                on=today,
            )
        return self._shown(village, year)

    def partial_update(self, request: Request, village_code: str) -> Response:
        """Change what was sent, leave the rest."""
        return self.update(request, village_code, whole=False)

    def _village(self, code: str) -> Division:
        if not is_administrative_village(int(code)):
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=int(code))

    def _table(self, village: Division, year: int) -> VillageYear | None:
        return (
            VillageYear.objects.visible_to(self.request.user)
            .filter(division=village, year=year)
            .select_related("village")
            .first()
        )

    def _both(self, village: Division, year: int, values: Values) -> Mapping[str, Any]:
        shown = {**values, "year": year}
        if shown.get("head_phone"):
            shown["head_phone"] = mask("phone", shown["head_phone"])
        return {"current": self._data(village, year), "submitted": VILLAGE_TABLE(shown).data}

    def _data(self, village: Division, year: int) -> Any:
        cards = HouseholdYear.objects.visible_to(self.request.user).within(village.pk).filter(year=year)
        table = self._table(village, year)
        return VILLAGE_TABLE(
            village_table_data(village, year, table, poor_counts(cards, year), self.request)
        ).data

    def _shown(self, village: Division, year: int) -> Response:
        return Response(self._data(village, year))
