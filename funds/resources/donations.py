"""Gifts to take out: what came with what is left of it, and on what it was spent; as of a day where the page shows one."""

from decimal import Decimal

from funds.reports.donations import gifts as gifts_of, spendings as spendings_of
from funds.resources.interest import a_day, day_asked, selection, yuan
from fupin.sheets.kinds import Request, Selection, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns

PERMISSION = "funds.view_gifts"


def _yes(value: bool) -> str:
    return "是" if value else "否"


@columns(
    {
        "receipt_no": Column("票据号", "receipt_no"),
        "received_on": Column("收到日期", "received_on", said=a_day),
        "division": Column("受赠地", "division__name"),
        "anonymous": Column("匿名", "is_anonymous", said=_yes),
        "donor": Column("捐赠人", "donor"),
        "in_kind": Column("实物", "is_in_kind", said=_yes),
        "thing": Column("实物名称和数量", "thing"),
        "purpose": Column("定向意愿", "purpose"),
        "amount": yuan("金额（元）", "amount_yuan"),
        "spent": yuan("已支出（元）", "spent_yuan"),
        "left": Column("结余（元）", "left_yuan", said=Decimal, decimals=2, summed=True),
    }
)
class GiftResource(SheetResource):
    """捐赠."""


@columns(
    {
        "on": Column("日期", "on", said=a_day),
        "division": Column("支出地", "division__name"),
        "purpose": Column("用途", "purpose"),
        "amount": yuan("金额（元）", "amount_yuan"),
        "project": Column("项目编号", "project__number"),
        "household_no": Column("户编号", "household__household_no"),
        "document_no": Column("凭据号", "document_no"),
        "number": Column("凭证号", "entry__number"),
        "entered_by": Column("登记人", "entered_by__full_name"),
    }
)
class SpendingResource(SheetResource):
    """捐赠支出."""


@sheet_kind("donations", "社会捐赠", permission=PERMISSION)
def gifts(asked: Request) -> Selection:
    """Return the gifts, as of a day where one is given."""
    found = gifts_of(asked.actor, on=day_asked(asked))
    return selection(
        asked, "社会捐赠", found, "捐赠", GiftResource(), order=("-received_on", "-pk"), about_people=True
    )


@sheet_kind("donation_spendings", "捐赠支出", permission=PERMISSION)
def spendings(asked: Request) -> Selection:
    """Return what gifts were spent on, up to a day where one is given."""
    found = spendings_of(asked.actor, on=day_asked(asked))
    return selection(
        asked, "捐赠支出", found, "支出", SpendingResource(), order=("-on", "-pk"), about_people=True
    )


__all__ = ["gifts", "spendings"]
