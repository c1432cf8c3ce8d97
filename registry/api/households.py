"""`/api/v1/households/`: cards whole, one a household and year."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from fupin.accounts.doors import Door
from fupin.divisions.codes import contains
from registry.api.answers import as_api, refusals
from registry.api.asking import YEAR, filtered, object_in, ordered, parameters, user_of, year_asked
from registry.api.described import HOUSEHOLD_EXAMPLES, NOT_HERE, REFUSED, STALE
from registry.api.reading import Reader, read_household, without_unread
from registry.api.serializers import HOUSEHOLD
from registry.api.showing import household_data, household_url, submitted_data
from registry.forms.filters import HouseholdFilter
from registry.models import Household, HouseholdYear, MemberYear
from registry.reports.assembly import card_of, member_card
from registry.reports.cards import read_card
from registry.reports.carrying import carried_over
from registry.reports.years import entry_year
from registry.rules.card import Card
from registry.rules.findings import errors_in
from registry.services.cards import SavedCard, check, save_card
from registry.services.stored import load_stored, masks


@extend_schema_view(
    list=extend_schema(
        summary="户卡列表",
        description="某年度的整卡，按村和户编号排列；筛选条件与网页的列表相同。",
        parameters=parameters(HouseholdFilter),
        responses=HOUSEHOLD(many=True),
    ),
    retrieve=extend_schema(
        summary="一户某年度的户卡",
        description="不给 year 答最近一年。号码都是掩码。",
        parameters=[YEAR],
        responses={200: HOUSEHOLD, 404: NOT_HERE},
    ),
    create=extend_schema(
        summary="登记一户：整卡提交，存为草稿卡",
        description="当时检查全部 E 级规则，一次列出；W 级规则不拦截，在 warnings 里答复。附件和签字在申请时才要。",
        request=HOUSEHOLD,
        responses={201: HOUSEHOLD, 400: REFUSED, 404: NOT_HERE},
        examples=HOUSEHOLD_EXAMPLES,
    ),
    update=extend_schema(
        summary="整卡修改：没有送的字段即为空",
        description="version 是修改所依据的版本；年度还没有卡的不带。掩码送回即不变；派生项送了就须相符（R-43）。",
        parameters=[YEAR],
        request=HOUSEHOLD,
        responses={200: HOUSEHOLD, 400: REFUSED, 404: NOT_HERE, 409: STALE},
    ),
    partial_update=extend_schema(
        summary="部分修改：没有送的字段不变，成员按人编号对应",
        description="没有人编号的成员是新成员；没有送的成员不变。",
        parameters=[YEAR],
        request=HOUSEHOLD,
        responses={200: HOUSEHOLD, 400: REFUSED, 404: NOT_HERE, 409: STALE},
    ),
)
@extend_schema(tags=["households"])
class Households(viewsets.GenericViewSet[HouseholdYear]):
    """贫困户户卡."""

    doors: ClassVar = {
        "list": "registry.view_household",
        "retrieve": "registry.view_household",
        "create": Door("registry.enter_household", audit="household.enter"),
        "update": Door("registry.change_household", audit="household.change"),
        "partial_update": Door("registry.change_household", audit="household.change"),
    }
    serializer_class = HOUSEHOLD
    filter_backends = ()
    lookup_field = "household_no"
    lookup_value_regex = r"\d{16}"
    queryset = HouseholdYear.objects.none()

    def get_queryset(self) -> "QuerySet[HouseholdYear]":
        """Return the cards that the post may see."""
        return HouseholdYear.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List the cards of a year, with the filters of the page; three queries a page."""
        year = year_asked(request) or entry_year()
        rows = filtered(
            HouseholdFilter(request.query_params, self.get_queryset().filter(year=year), year=year)
        )
        members = MemberYear.objects.select_related("member").order_by("household_year_id", "seat")
        rows = rows.select_related("household", "relocation").prefetch_related(
            Prefetch("members", queryset=members)
        )
        page = self.paginate_queryset(ordered(rows, "division_id", "household_id")) or []
        shown = [household_data(_card_in_hand(row), row, request) for row in page]
        return self.get_paginated_response(HOUSEHOLD(shown, many=True).data)

    def retrieve(self, request: Request, household_no: str) -> Response:
        """Answer the latest year, or the one asked for."""
        row = self._row(self._household(household_no), year_asked(request))
        if row is None:
            raise Http404
        return self._shown(row)

    def create(self, request: Request) -> Response:
        """Enter a household whole; the same `entry_key` sent twice makes one."""
        data = object_in(request)
        reader = Reader(whole=True)
        year = reader.year(data)
        reasons, key = reader.reasons(data), _entry_key(reader, data)
        if year is None:
            reader.refuse("year", "年度未填") if not reader.wrong else None
        card = read_household(reader, data, year=year or entry_year())
        self._refuse_outside(card)
        self._refuse_unread(reader, None, card)
        saved = self._saved(
            lambda: save_card(
                actor=user_of(request),
                household=None,
                card=card,
                base_version=None,
                entry_key=key,
                confirmed=reasons,
                on=timezone.localdate(),
            ),
            None,
            card,
        )
        where = household_url(saved.household.household_no, request)
        return self._shown(saved.household_year, status=201, headers={"Location": where})

    def update(self, request: Request, household_no: str, *, whole: bool = True) -> Response:
        """Change the card of a year; `version` is the one that the change started from."""
        data = object_in(request)
        household = self._household(household_no)
        reader = Reader(whole=whole)
        sent = reader.year(data) if data.get("year") is not None else None
        year = sent or year_asked(request)
        row = self._row(household, year)
        year = year or (row.year if row else entry_year())
        version, reasons = reader.version(data), reader.reasons(data)
        if row is not None and version is None:
            reader.refuse("version", f"请带上修改所依据的版本（现为第 {row.version} 版）")
        stored = read_card(row) if row else carried_over(household, year)
        card = read_household(reader, data, year=year, household_no=household_no, before=stored)
        self._refuse_unread(reader, household, card)
        saved = self._saved(
            lambda: save_card(
                actor=user_of(request),
                household=household,
                card=card,
                base_version=version,
                entry_key=uuid.uuid4(),
                confirmed=reasons,
                on=timezone.localdate(),
            ),
            household,
            card,
        )
        return self._shown(saved.household_year)

    def partial_update(self, request: Request, household_no: str) -> Response:
        """Change what was sent, leave the rest."""
        return self.update(request, household_no, whole=False)

    def _household(self, household_no: str) -> Household:
        return get_object_or_404(Household.objects.visible_to(self.request.user), household_no=household_no)

    def _row(self, household: Household, year: int | None) -> HouseholdYear | None:
        rows = self.get_queryset().filter(household=household).select_related("household")
        return (rows.filter(year=year) if year else rows).order_by("-year").first()

    def _refuse_outside(self, card: Card) -> None:
        """Answer 404 for a village outside the post, as for everything that lies there."""
        code, post = card.village_code or "", user_of(self.request).post
        if (
            len(code) == 12
            and code.isascii()
            and code.isdigit()
            and post
            and not contains(post.division_id, int(code))
        ):
            raise Http404

    def _refuse_unread(self, reader: Reader, household: Household | None, card: Card) -> None:
        """Raise 400 with what could not be read and everything else that is wrong with the card."""
        if not reader.wrong:
            return
        found = check(actor=user_of(self.request), household=household, card=card, on=timezone.localdate())[1]
        raise refusals([*reader.wrong, *without_unread(errors_in(found), reader.wrong)])

    def _saved(self, save: Any, household: Household | None, card: Card) -> SavedCard:
        def both() -> Mapping[str, Any]:
            if household is None:
                return {}
            return self._both(household, card)

        with as_api(both):
            saved: SavedCard = save()
        return saved

    def _both(self, household: Household, card: Card) -> Mapping[str, Any]:
        """Return the card as it stands and as it was sent, numbers masked."""
        row = self._row(household, card.year)
        actor, today = user_of(self.request), timezone.localdate()
        ready = check(actor=actor, household=household, card=card, on=today)[0]
        mine = masks(ready, load_stored(household, card.year))
        return {
            "current": HOUSEHOLD(household_data(read_card(row), row, self.request)).data if row else None,
            "submitted": HOUSEHOLD(submitted_data(mine)).data,
        }

    def _shown(self, row: HouseholdYear, **how: Any) -> Response:
        """Answer a card as it is stored now."""
        fresh = self.get_queryset().select_related("household").get(pk=row.pk)
        return Response(HOUSEHOLD(household_data(read_card(fresh), fresh, self.request)).data, **how)


def _card_in_hand(row: HouseholdYear) -> Card:
    members = [member_card(one.member, one) for one in row.members.all()]
    return card_of(row, members, getattr(row, "relocation", None))


def _entry_key(reader: Reader, data: Mapping[str, Any]) -> uuid.UUID:
    given = data.get("entry_key")
    if given is None:
        return uuid.uuid4()
    try:
        return uuid.UUID(str(given))
    except ValueError:
        reader.refuse("entry_key", "entry_key 应为 UUID")
        return uuid.uuid4()
