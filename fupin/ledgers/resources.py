"""An account's lines as a file, as of a day."""

from datetime import date
from decimal import Decimal
from typing import Any

from fupin.ledgers.books import book_of
from fupin.ledgers.forms import AsOfForm
from fupin.ledgers.models import Account
from fupin.ledgers.reports import lines_of
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns


def _day(value: date) -> date:
    return value


@columns(
    {
        "account": Column("账户", "account__title"),
        "on": Column("业务日期", "on", said=_day),
        "number": Column("凭证号", "entry__number"),
        "kind": Column("事由", "act"),
        "document_no": Column("文号", "entry__document_no"),
        "memo": Column("摘要", "entry__memo"),
        "came": Column("收", "came", said=Decimal, decimals=2, summed=True),
        "went": Column("付", "went", said=Decimal, decimals=2, summed=True),
        "balance": Column("余额", "standing", said=Decimal, decimals=2),
        "by": Column("记账人", "entry__entered_by__full_name"),
    }
)
class LineResource(SheetResource):
    """An account's lines, with what stood in it after each."""


@sheet_kind("ledger_account", "账户明细", permission="ledgers.view_account")
def ledger_account(asked: Request) -> Selection:
    """Return the lines of the account in `account`, up to the days of the page."""
    key = asked.query.get("account", "")
    account = Account.objects.visible_to(asked.actor).filter(pk=key).first() if key.isdecimal() else None
    form = AsOfForm(asked.query)
    if account is None or not form.is_valid():
        raise NotAsked("没有这个账户，或日期不对")
    on, known = form.cleaned_data["on"], form.cleaned_data["known"]
    acts = book_of(account.book).acts

    def named(rows: Any) -> Any:
        for row in rows:
            row.act = acts.get(row.entry.kind, row.entry.kind)
            yield row

    days = [("业务日期截至", on), ("记账截至", known)]
    return Selection(
        title=f"账户明细（{account.title}）",
        division=account.division_id,
        scope=account.division.path_name or account.division.name,
        year=None,
        filters=[("账户", account.title), *((label, f"{day:%Y-%m-%d}") for label, day in days if day)],
        tables=(Table("明细", LineResource()),),
        rows=lines_of(account, on=on, known=known).order_by("on", "pk"),
        read=named,
        about_people=False,
    )
