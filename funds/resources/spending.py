"""Lists of a county's money to take out, and the file for the bank: the only place where whole accounts stand."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict

from funds.models import FundReturn, Payment, PaymentBatch, Placement, Stranding
from funds.models.payment import BatchStatus, PaymentStatus
from funds.models.stranded import ReturnPart, StrandingStatus
from funds.models.use import PlacementStatus
from funds.rules.stranded import StrandedReason
from fupin.accounts.models import User
from fupin.accounts.services.access import open_for
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from projects.codes import UseWay
from registry.forms.filters import in_division
from registry.resources.asking import scope_of

PERMISSION: Final = "funds.view_money"


def _words(choices: Any) -> Any:
    """Return how a choice is shown: by its name."""
    labels = dict(choices.choices)
    return lambda value: str(labels.get(value, value))


def _day(value: date) -> date:
    return value


def _yuan(value: Decimal) -> Decimal:
    return round(Decimal(value), 2)


def _amount(heading: str, attribute: str) -> Column:
    return Column(heading, attribute, said=_yuan, decimals=2, summed=True)


@columns(
    {
        "number": Column("编号", "number"),
        "county_code": Column("县代码", "division_id"),
        "county": Column("县", "division__name"),
        "document": Column("资金文件", "appropriation__number"),
        "place": Column("项目、专账", "place"),
        "amount_yuan": _amount("金额（元）", "amount_yuan"),
        "use_way": Column("使用方式", "use_way", said=_words(UseWay)),
        "use_way_reason": Column("理由", "use_way_reason"),
        "document_no": Column("批准文号", "document_no"),
        "drafted_on": Column("拟定日期", "drafted_on", said=_day),
        "decided_on": Column("审批日期", "decided_on", said=_day),
        "status": Column("状态", "status", said=_words(PlacementStatus)),
    }
)
class PlacementResource(SheetResource):
    """资金落实."""


@columns(
    {
        "batch": Column("清单编号", "batch__number"),
        "seq": Column("序号", "seq", said=int, decimals=0),
        "place_code": Column("区划代码", "division_id"),
        "place": Column("区划", "division__name"),
        "household_no": Column("户编号", "household__household_no"),
        "payee_name": Column("户名", "payee_name"),
        "bank_name": Column("开户银行", "bank_name"),
        "account": Column("账号", "account_masked"),
        "item": Column("支付事项", "item"),
        "period": Column("所属期", "period"),
        "source": Column("资金来源", "source"),
        "amount_yuan": _amount("金额（元）", "amount_yuan"),
        "status": Column("状态", "status", said=_words(PaymentStatus)),
        "status_on": Column("日期", "status_on", said=_day),
        "because": Column("说明", "because"),
    }
)
class PaymentResource(SheetResource):
    """支付明细."""


@columns(
    {
        "number": Column("编号", "number"),
        "county_code": Column("县代码", "division_id"),
        "county": Column("县", "division__name"),
        "document": Column("资金文件", "appropriation__number"),
        "reason": Column("原因", "reason", said=_words(StrandedReason)),
        "unpaid_yuan": _amount("未支付余额（元）", "unpaid_yuan"),
        "recover_yuan": _amount("应追回（元）", "recover_yuan"),
        "arrived_year": Column("拨付到位年度", "arrived_year"),
        "recognised_on": Column("认定日期", "recognised_on", said=_day),
        "due_on": Column("归还期止", "due_on", said=_day),
        "status": Column("状态", "status", said=_words(StrandingStatus)),
    }
)
class StrandingResource(SheetResource):
    """滞留资金."""


@columns(
    {
        "number": Column("编号", "number"),
        "county_code": Column("县代码", "division_id"),
        "county": Column("县", "division__name"),
        "document": Column("资金文件", "stranding__appropriation__number"),
        "stranding": Column("滞留编号", "stranding__number"),
        "part": Column("部分", "part", said=_words(ReturnPart)),
        "amount_yuan": _amount("金额（元）", "amount_yuan"),
        "sent_on": Column("汇出日期", "sent_on", said=_day),
        "document_no": Column("凭证号", "document_no"),
        "received_on": Column("省级到账日期", "received_on", said=_day),
    }
)
class ReturnResource(SheetResource):
    """归还."""


@columns(
    {
        "seq": Column("序号", "seq", said=int, decimals=0),
        "payee_name": Column("收款人户名", "payee_name"),
        "account": Column("收款账号", "whole_account"),
        "bank_name": Column("开户银行", "bank_name"),
        "amount_yuan": _amount("金额（元）", "amount_yuan"),
        "use": Column("用途", "item"),
        "batch": Column("批次号", "batch__number"),
        "result": Column("结果", "bank_result"),
        "because": Column("失败原因", "bank_because"),
    }
)
class BankResource(SheetResource):
    """送银行的支付文件: a fixed layout; the bank fills in 结果 and 失败原因 and sends it back."""


def _selected(
    asked: Request,
    title: str,
    found: "QuerySet[Any]",
    sheet: str,
    resource: SheetResource,
    *,
    about_people: bool = False,
) -> Selection:
    scope = scope_of(asked)
    place = asked.query.get("division", "").strip()
    rows = in_division(found, place) if place else found
    return Selection(
        title=f"{title}（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=asked.year,
        filters=(),
        tables=(Table(sheet, resource),),
        rows=rows,
        about_people=about_people,
    )


def _of_year(asked: Request, found: "QuerySet[Any]", column: str) -> "QuerySet[Any]":
    return found.filter(**{f"{column}__year": asked.year}) if asked.year else found


@sheet_kind("placements", "资金落实", permission=PERMISSION)
def placements(asked: Request) -> Selection:
    """Return a year's placements."""
    found = _of_year(asked, Placement.objects.visible_to(asked.actor), "drafted_on")
    rows = found.select_related("division", "appropriation", "project").order_by(
        "division_id", "drafted_on", "pk"
    )
    return _selected(asked, "资金落实", rows, "资金落实", PlacementResource())


@sheet_kind("payments", "支付明细", permission=PERMISSION)
def payments(asked: Request) -> Selection:
    """Return the payments of a year's lists; accounts by their last four digits."""
    found = _of_year(asked, Payment.objects.visible_to(asked.actor), "batch__made_on")
    rows = found.select_related("division", "batch", "household").order_by("batch_id", "seq", "pk")
    return _selected(asked, "支付明细", rows, "支付", PaymentResource(), about_people=True)


@sheet_kind("strandings", "滞留资金", permission=PERMISSION)
def strandings(asked: Request) -> Selection:
    """Return what was recognised as stranded in a year."""
    found = _of_year(asked, Stranding.objects.visible_to(asked.actor), "recognised_on")
    rows = found.select_related("division", "appropriation").order_by("division_id", "due_on", "pk")
    return _selected(asked, "滞留资金", rows, "滞留", StrandingResource())


@sheet_kind("returns", "归还", permission=PERMISSION)
def returns(asked: Request) -> Selection:
    """Return what was sent back in a year."""
    found = _of_year(asked, FundReturn.objects.visible_to(asked.actor), "sent_on")
    rows = found.select_related("division", "stranding__appropriation").order_by(
        "division_id", "sent_on", "pk"
    )
    return _selected(asked, "归还", rows, "归还", ReturnResource())


@sheet_kind("bank_file", "送银行的支付文件", permission="funds.pay")
def bank_file(asked: Request) -> Selection:
    """Return a list as the bank takes it, with whole accounts: only one that two others made and approved, under one access record."""
    pk = asked.query.get("batch", "")
    batch = (
        PaymentBatch.objects.visible_to(asked.actor).select_related("division").filter(pk=int(pk)).first()
        if pk.isascii() and pk.isdigit()
        else None
    )
    if batch is None or batch.status != BatchStatus.EXPORTED:
        raise NotAsked("只有已登记送银行的清单才能取银行文件")
    if asked.actor.pk in {batch.made_by_id, batch.approved_by_id}:
        raise NotAsked("编制、批准清单的人不能取银行文件")
    rows = Payment.objects.filter(batch=batch, status=PaymentStatus.PENDING)
    return Selection(
        title=f"支付清单 {batch.number}",
        division=batch.division_id,
        scope=batch.division.path_name or batch.division.name,
        year=None,
        filters=(("清单", batch.number),),
        tables=(Table("支付", BankResource()),),
        rows=rows.select_related("batch").order_by("seq", "pk"),
        read=lambda found: _opened(asked.actor, batch, found),
    )


def _opened(actor: User, batch: PaymentBatch, found: Iterable[Payment]) -> Iterator[Payment]:
    """Yield payments with their whole accounts, all opened under one record."""
    rows = list(found)
    whole = open_for(
        actor,
        sealed=[one.account_sealed for one in rows],
        object_key=batch.number,
        purpose="送银行的支付文件",
        reason=f"支付清单 {batch.number} 送银行",
    )
    for one in rows:
        one.whole_account = whole.get(one.account_sealed, "")  # type: ignore[attr-defined]
        one.bank_result = one.bank_because = ""  # type: ignore[attr-defined]
        yield one


def bank_query(batch: PaymentBatch) -> str:
    """Return how the file of a list is asked for."""
    query = QueryDict(mutable=True)
    query["batch"] = str(batch.pk)
    return query.urlencode()
