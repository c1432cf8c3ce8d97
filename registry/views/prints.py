"""Prints of a card or a table, as a PDF in the browser's window."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.prints.checkcode import Sheet
from fupin.prints.typesetter import Manuscript
from registry.models import HouseholdYear, LabourerYear, VillageYear
from registry.prints.household import household_card_record, labourer_card_record
from registry.prints.imprint import Imprint, check_key
from registry.prints.records import household_cards, household_sheet, labourer_cards, labourer_sheet
from registry.prints.rosters import village_sheet, village_tables
from registry.prints.village import village_table_record


@door("registry.print_card", audit="household.print")
@require_safe
def household_print(request: HttpRequest, household_no: str, year: int) -> HttpResponse:
    """Return 户卡 of a household's year."""
    cards = HouseholdYear.objects.visible_to(actor(request)).select_related("household")
    card = get_object_or_404(cards, household__household_no=household_no, year=year)
    record = household_card_record(card)
    return _printed(request, record, household_sheet(record), household_cards, f"户卡 {household_no} {year}")


@door("registry.print_card", audit="labourer.print")
@require_safe
def labourer_print(request: HttpRequest, member_no: str, year: int) -> HttpResponse:
    """Return 劳动力卡 of a labourer's year."""
    cards = LabourerYear.objects.visible_to(actor(request)).select_related(
        "member_year__member", "member_year__household_year__household"
    )
    card = get_object_or_404(cards, member__member_no=member_no, year=year)
    record = labourer_card_record(card)
    return _printed(request, record, labourer_sheet(record), labourer_cards, f"劳动力卡 {member_no} {year}")


@door("registry.print_card", audit="village.print")
@require_safe
def village_print(request: HttpRequest, code: int, year: int) -> HttpResponse:
    """Return 村表 of a village's year with the roster of its households."""
    tables = VillageYear.objects.visible_to(actor(request)).select_related("village")
    table = get_object_or_404(tables, division_id=code, year=year)
    record = village_table_record(table)
    return _printed(request, record, village_sheet(record), village_tables, f"村表 {code} {year}")


def _printed(
    request: HttpRequest,
    record: dict[str, Any],
    sheet: Sheet,
    typeset: Callable[[list[dict[str, Any]], Imprint], Manuscript],
    name: str,
) -> HttpResponse:
    """Return the sheet, after its print has been recorded: paper is known before it exists."""
    user = actor(request)
    imprint = Imprint(
        printed_on=timezone.localdate(),
        printed_by=user.full_name or user.username,
        demo=settings.DEMO,
        key=check_key(),
    )
    manuscript = typeset([record], imprint)
    _keep(request, record, sheet, code=imprint.of_sheet(sheet, record)["code"])
    answer = HttpResponse(manuscript.typeset(), content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    answer["Cache-Control"] = "no-store"
    return answer


def _keep(request: HttpRequest, record: dict[str, Any], sheet: Sheet, *, code: str) -> None:
    """Append who printed which version under which check code; reading alone writes no record by itself."""
    user = actor(request)
    about = audit.Note(
        request_id=request.request_id,  # type: ignore[attr-defined]  # given by the first middleware
        action=f"{sheet.kind}.print",
        user=user,
        post=user.post,
        division=int(record["village_code"]),
        object_key=f"{sheet.number}/{sheet.year}",
        address=audit.address_of(request),
        detail={"version": sheet.version, "check_code": code},
    )
    audit.write(about, audit.Outcome.DONE, using="record")


urlpatterns: list[URLPattern] = [
    path("households/<household_no>/<int:year>/print/", household_print, name="household_print"),
    path("labourers/<member_no>/<int:year>/print/", labourer_print, name="labourer_print"),
    path("villages/<int:code>/<int:year>/print/", village_print, name="village_print"),
]
