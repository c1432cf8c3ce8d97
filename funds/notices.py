"""What of money is made public: placements in county and villages, lists of payments in the village, documents above (policy §9)."""

from typing import Final

from funds.codes.subjects import ABOVE_LIST, COUNTY_LIST, VILLAGE_LIST, VILLAGE_PROJECT
from funds.models import Payment, Placement
from funds.reports.disclosure import elements_of, said
from fupin.lib.money import grouped
from fupin.notices.kinds import Drawing, Group, notice_kind
from fupin.notices.rules import Column
from fupin.policy.cites import cites

DAYS: Final = "fund_notice_days"
_PROJECT: Final = (Column.NAME, Column.VILLAGE, Column.AMOUNT)


def _placement(drawing: Drawing) -> Placement | None:
    """Return the placement that the list is about."""
    subject = drawing.subjects[0] if drawing.subjects else ""
    kind, _, key = subject.partition(":")
    rows = Placement.objects.select_related("appropriation", "project")
    if kind == "placement":
        return rows.filter(number=key).first()
    if kind == "payment" and key.isdigit():
        payment = Payment.objects.filter(pk=int(key)).select_related("batch").first()
        return rows.filter(pk=payment.batch.placement_id).first() if payment else None
    return None


def _of(drawing: Drawing) -> str:
    placement = _placement(drawing)
    return said(elements_of(placement)) if placement else ""


def _standing(drawing: Drawing) -> str:
    period = drawing.period
    return f"公示期自 {period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}，如有异议，请在期内提出。"


@notice_kind(
    COUNTY_LIST, "扶贫资金项目公示", _PROJECT, group=Group.PROJECT, days=DAYS, name_label="项目", unit="项"
)
@cites("§9", "全面推行县级公告公示")
def county(drawing: Drawing) -> str:
    """Say which project gets what, from where and how."""
    return f"{drawing.place}安排扶贫资金如下。{_of(drawing)}。{_standing(drawing)}"


@notice_kind(
    VILLAGE_PROJECT,
    "到村项目资金公示",
    _PROJECT,
    group=Group.PROJECT,
    days=DAYS,
    name_label="项目",
    unit="项",
)
@cites("§9", "继续坚持行政村公告公示")
def village_project(drawing: Drawing) -> str:
    """Say in a village which project for it gets what."""
    return f"{drawing.place}到村扶贫项目资金安排如下。{_of(drawing)}。{_standing(drawing)}"


@notice_kind(VILLAGE_LIST, "到户资金公示", (Column.NAME, Column.AMOUNT), group=Group.BENEFICIARY, days=DAYS)
def village_list(drawing: Drawing) -> str:
    """Say in a village whom a list pays how much."""
    total = f"共 {drawing.sums.rows} 户 {grouped(drawing.sums.amount)} 元" if drawing.sums.amount else ""
    return f"{drawing.place}拟拨付到户扶贫资金{total}。{_of(drawing)}。{_standing(drawing)}"


@notice_kind(
    ABOVE_LIST,
    "扶贫资金信息披露",
    (Column.NAME, Column.AMOUNT),
    group=Group.PROJECT,
    days=DAYS,
    name_label="县",
    unit="县",
    objectable=False,
)
@cites("§9", "有序推进建立县以上资金信息披露制度")
def above(drawing: Drawing) -> str:
    """Say above the counties what went to which."""
    total = f"合计 {grouped(drawing.sums.amount)} 元" if drawing.sums.amount else ""
    return f"{drawing.place}{drawing.year} 年下达财政专项扶贫资金{total}，分县如下。"
