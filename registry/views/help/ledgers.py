"""Ledgers of those who come back and of those who take others along (policy §2; policy-trace 2.7)."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.lib.paging import page_of
from registry.codes import MeasureKind
from registry.forms.filters import in_division
from registry.models import LabourerYear, MeasureRecipient
from registry.reports.years import entry_year
from registry.views.help.showing import Cell, Table, chip, listing, money, on, tabs_of, text

_LISTS = (("youth", "外出青壮年返乡"), ("backbone", "农业技术骨干"), ("led", "骨干带动的户"))


@door("registry.view_help")
@require_GET
def help_ledgers(request: HttpRequest) -> HttpResponse:
    """List young people who work away with what they wish, the technical backbones, and the households that these take along."""
    user = actor(request)
    year = entry_year()
    chosen = request.GET.get("list", "youth")
    chosen = chosen if chosen in dict(_LISTS) else "youth"
    if chosen == "led":
        led = MeasureRecipient.objects.visible_to(user).filter(
            measure__kind=MeasureKind.TECH_BACKBONE, measure__withdrawn_on__isnull=True
        )
        within = in_division(led, request.GET["division"]) if request.GET.get("division") else led
        shown = within.select_related("measure", "household", "division").order_by("-measure__on", "-pk")
        page = page_of(shown, request.GET.get("page"), late=True)
        heads: tuple[str, ...] = ("骨干", "日期", "内容", "户编号", "村", "金额 元")
        rows = [_led(one) for one in page.object_list]
    else:
        flag = {"is_away_youth": True} if chosen == "youth" else {"is_tech_backbone": True}
        people = LabourerYear.objects.visible_to(user).filter(year=year, **flag)
        within_people = (
            in_division(people, request.GET["division"]) if request.GET.get("division") else people
        )
        listed = within_people.select_related("member", "division").order_by("division_id", "member_id", "pk")
        page = page_of(listed, request.GET.get("page"), late=True)
        heads = (
            "人编号",
            "姓名",
            "村",
            "务工区域",
            "单位",
            "工种",
            "返乡意向",
            "就业意愿去向",
            "期望薪资 元",
        )
        rows = [_person(one) for one in page.object_list]
    return listing(
        request,
        title="返乡和骨干台账",
        fact=f"{year} 年度劳动力卡",
        tabs=tabs_of(request, "list", _LISTS, chosen),
        note="由劳动力卡的外出青壮年、返乡意向、技术骨干各项和种类 11 的措施列出。",
        searches=True,
        tables=[Table("", heads, rows, "没有", page=page)],
    )


def _led(one: MeasureRecipient) -> list[Cell]:
    return [
        text(one.measure.led_by),
        on(one.measure.on),
        text(one.measure.content, reverse("help_recipient", args=[one.pk])),
        text(one.household.household_no, reverse("help_household", args=[one.household.household_no])),
        text(one.division.name),
        money(one.amount),
    ]


def _person(one: LabourerYear) -> list[Cell]:
    wish = (
        chip("愿返乡", "ok")
        if one.return_will
        else chip("否" if one.return_will is False else "未填", "quiet")
    )
    return [
        text(one.member.member_no, reverse("labourer_card", args=[one.member.member_no, one.year])),
        text(one.member.name),
        text(one.division.name),
        text(one.get_work_area_display()),
        text(one.employer),
        text(one.job),
        wish,
        text(one.get_job_will_area_display()),
        money(one.job_will_wage),
    ]


urlpatterns: list[URLPattern] = [path("help/ledgers/", help_ledgers, name="help_ledgers")]
