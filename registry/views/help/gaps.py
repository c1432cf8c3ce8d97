"""Who has none: households without somebody answerable, plan or measure; labourers and villages without a plan; villages without a team."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.models import HouseholdYear, MemberYear, Village
from registry.reports.help.gaps import Gap, missing
from registry.reports.help.teams import coverage
from registry.reports.years import entry_year
from registry.views.help.showing import Cell, Table, listing, tabs_of, text

_HEADS = {
    HouseholdYear: ("户编号", "户主", "村", "乡镇", "主要致贫原因", "计划脱贫年度"),
    MemberYear: ("人编号", "姓名", "户主", "村", "乡镇", "劳动能力", ""),
    Village: ("村", "乡镇", "状态"),
}


def _row(one: Any, year: int) -> list[Cell]:
    if isinstance(one, HouseholdYear):
        number = one.household.household_no
        return [
            text(number, reverse("help_household", args=[number])),
            text(one.head_name),
            text(one.division.name),
            text(one.division.parent.name if one.division.parent else ""),
            text(one.get_cause_main_display()),
            text(one.plan_exit_year),
        ]
    if isinstance(one, MemberYear):
        number = one.household_year.household.household_no
        plan = f"{reverse('help_plan', args=[number])}?member={one.member_id}"
        return [
            text(one.member.member_no, reverse("labourer_card", args=[one.member.member_no, year])),
            text(one.member.name),
            text(one.household_year.head_name, reverse("help_household", args=[number])),
            text(one.division.name),
            text(one.division.parent.name if one.division.parent else ""),
            text(one.get_labor_display()),
            text("制定计划", plan),
        ]
    return [
        text(one.division.name, reverse("help_village", args=[one.division_id])),
        text(one.division.parent.name if one.division.parent else ""),
        text(one.get_status_display()),
    ]


@door("registry.view_help")
@require_GET
def help_gaps(request: HttpRequest) -> HttpResponse:
    """List whom help has left out, a tab a kind, page by page."""
    user = actor(request)
    year = entry_year()
    asked = request.GET.get("gap", Gap.PERSON)
    gap = Gap(asked) if asked in Gap.values else Gap.PERSON
    found = missing(gap, user, year)
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    if found.model is HouseholdYear:
        found = found.select_related("household", "division__parent").order_by(
            "division_id", "household_id", "pk"
        )
    elif found.model is MemberYear:
        found = found.select_related("member", "household_year__household", "division__parent").order_by(
            "division_id", "member_id", "pk"
        )
    else:
        found = found.select_related("division__parent").order_by("division_id", "pk")
    page = page_of(found, request.GET.get("page"), request.GET.get("size"), late=True)
    rows = [_row(one, year) for one in page.object_list]
    done = coverage(user)
    note = (
        f"贫困村 {done.villages} 个，有工作队 {done.with_team} 个；"
        f"在册户 {done.households} 户，有帮扶责任人 {done.with_person} 户"
    )
    return listing(
        request,
        title="帮扶缺口",
        fact=f"{year} 年度，在册户和贫困村",
        tabs=tabs_of(request, "gap", Gap.choices, gap),
        note=note,
        searches=True,
        exports="help_gaps",
        tables=[Table("", _HEADS[found.model], rows, f"查无{gap.label}", page=page)],
    )


urlpatterns: list[URLPattern] = [path("help/gaps/", help_gaps, name="help_gaps")]
