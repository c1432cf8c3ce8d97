"""A county's desk: what came, where it lies, and the rows behind each number."""

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from funds.codes.allotment import LineKind
from funds.models import LineAccount, Placement
from funds.reports.desk import SHOWN, desk_of, lines_of, sums_of
from funds.reports.stranded import consequences_for
from funds.rules.competition import adoption_rate
from funds.views.showing import county_of, linked, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level, contains, level_of
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from registry.views.help.showing import Cell, Table, listing, money, on, text, today

HEADS = ("资金文件", "下达日期", *(str(kind.label) for kind in SHOWN), "合计")


def _county(request: HttpRequest, code: int) -> Division:
    user = actor(request)
    if user.post is None or not contains(user.post.division_id, code) or level_of(code) is not Level.COUNTY:
        raise Http404
    return get_object_or_404(Division, pk=code)


@door("funds.view_money")
@require_GET
def fund_desk(request: HttpRequest) -> HttpResponse:
    """Lead to the desk of one's own county; above it, list the counties with what lies where."""
    user = actor(request)
    own = county_of(user)
    if own is not None:
        return redirect("fund_county", own.pk)
    sums: dict[int, dict[str, Decimal]] = {}
    rows = LineAccount.objects.visible_to(user).filter(kind__in=SHOWN, account__balance__gt=0)
    for county, kind, balance in rows.order_by("county_id", "pk").values_list(
        "county_id", "kind", "account__balance"
    ):
        at = sums.setdefault(county, {})
        at[kind] = at.get(kind, Decimal(0)) + balance
    counties = Division.objects.in_bulk(list(sums))
    cells = [
        [
            text(counties[code].name, reverse("fund_county", args=[code])),
            *(linked(at.get(kind), _lines_url(code, kind)) for kind in SHOWN),
            money(sum(at.values(), Decimal(0))),
        ]
        for code, at in sorted(sums.items())
    ]
    return listing(
        request,
        title="县级资金",
        fact="单位：元",
        tables=[Table("", ("县", *(str(kind.label) for kind in SHOWN), "合计"), cells, "还没有资金下达到县")],
    )


def _lines_url(county: int, kind: str, document: int | None = None) -> str:
    query = {"document": document} if document else {}
    return f"{reverse('fund_lines', args=[county, kind])}{'?' + urlencode(query) if query else ''}"


@door("funds.view_money")
@require_GET
def fund_county(request: HttpRequest, code: int) -> HttpResponse:
    """Show the money of a county by document and station; each number opens its rows."""
    user = actor(request)
    county = _county(request, code)
    rows = desk_of(code)
    sums = sums_of(rows)
    cells = [
        [
            text(row.appropriation.number),
            on(row.appropriation.issued_on),
            *(linked(row.at(kind), _lines_url(code, kind, row.appropriation.pk)) for kind in SHOWN),
            money(row.total),
        ]
        for row in rows
    ]
    if len(rows) > 1:
        cells.append(
            [
                text("合计"),
                on(None),
                *(linked(sums[kind], _lines_url(code, kind)) for kind in SHOWN),
                money(sum(sums.values(), Decimal(0))),
            ]
        )
    acts = []
    if may(user, "funds.place_money"):
        acts.append(("＋ 资金落实", reverse("placement_new")))
    acts += [
        ("资金落实", f"{reverse('placement_list')}?division={code}"),
        ("支付清单", f"{reverse('payment_list')}?division={code}"),
        ("滞留与归还", f"{reverse('stranded_list')}?division={code}"),
    ]
    ways = Placement.objects.standing().filter(division=county).values_list("use_way", flat=True)
    rate = adoption_rate(list(ways.order_by("pk")))
    notes = []
    if rate is not None:
        notes.append(f"使用竞争方式的资金落实占 {rate}%")
    if overdue := consequences_for(code, today()):
        notes.append("有逾期未归还的滞留资金：" + "、".join(str(one.label) for one in overdue))
    return listing(
        request,
        title=f"{county.name} · 资金",
        fact="单位：元；点数字看明细",
        trail=trail(county.parent_id),
        acts=acts,
        note="；".join(notes),
        tables=[
            Table("", HEADS, cells, "本县还没有收到资金", "资金下达、到账后列在这里。"),
        ],
    )


@door("funds.view_money")
@require_GET
def fund_lines(request: HttpRequest, code: int, kind: str) -> HttpResponse:
    """List the accounts behind a number of the desk."""
    county = _county(request, code)
    if kind not in SHOWN:
        raise Http404
    found = lines_of(code, kind)
    document = request.GET.get("document", "")
    if document.isascii() and document.isdigit():
        found = found.filter(appropriation_id=int(document))
    page = page_of(found.order_by("-appropriation__issued_on", "pk"), request.GET.get("page"))
    rows = [_line(one) for one in page.object_list]
    return listing(
        request,
        title=f"{county.name} · {LineKind(kind).label}",
        fact="单位：元",
        trail=[*trail(county.parent_id), {"label": county.name, "url": reverse("fund_county", args=[code])}],
        tables=[Table("", ("资金文件", "项目、专账", "余额", "最近记账"), rows, "没有", page=page)],
    )


def _line(one: LineAccount) -> list[Cell]:
    where = one.project.name if one.project else one.get_ledger_display() or "—"
    query = {"document": one.appropriation_id, "project": one.project_id or ""}
    return [
        text(one.appropriation.number),
        text(where, f"{reverse('placement_list')}?{urlencode(query)}" if one.project else ""),
        money(one.account.balance),
        on(one.account.latest_on),
    ]


urlpatterns: list[URLPattern] = [
    path("desk/", fund_desk, name="fund_desk"),
    path("county/<int:code>/", fund_county, name="fund_county"),
    path("county/<int:code>/<str:kind>/", fund_lines, name="fund_lines"),
]
