"""Interest subsidies to take out: loans, claims, and what was done with the pot; as of a day where the page shows one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from funds.codes.interest import ClaimStatus, PotKind
from funds.models import PotAct
from funds.reports.interest import claims as claims_of, loans as loans_of
from funds.rules.interest import Borrower, LoanKind
from funds.rules.interest_pot import PotUse
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from registry.forms.filters import in_division
from registry.resources.asking import scope_of

PERMISSION = "funds.view_interest"


def words(choices: Any) -> Any:
    """Return how a choice is shown: by its name."""
    labels = dict(choices.choices)
    return lambda value: labels.get(value, value)


def a_day(value: date) -> date:
    """Return a day as it is."""
    return value


def yuan(label: str, name: str) -> Column:
    """Return a column of yuan that is summed."""
    return Column(label, name, said=Decimal, decimals=2, summed=True)


def day_asked(asked: Request) -> date | None:
    """Return the day as of which a list is asked for; raise NotAsked for what is no day."""
    text = str(asked.query.get("on", "")).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise NotAsked(f"日期写作 2014-04-29：{text}") from wrong


def selection(
    asked: Request,
    title: str,
    found: "QuerySet[Any]",
    sheet: str,
    resource: SheetResource,
    *,
    order: Sequence[str],
    about_people: bool,
) -> Selection:
    """Return a list cut to the division that was asked for."""
    scope, day = scope_of(asked), day_asked(asked)
    if str(asked.query.get("division", "")).strip():
        found = in_division(found, str(asked.query["division"]).strip())
    return Selection(
        title=f"{title}（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=None,
        filters=[("截至", f"{day}")] if day else [],
        tables=(Table(sheet, resource),),
        rows=found.order_by(*order),
        about_people=about_people,
    )


@columns(
    {
        "division": Column("区划", "division__name"),
        "division_code": Column("区划代码", "division_id"),
        "borrower": Column("借款人类别", "borrower", said=words(Borrower)),
        "household_no": Column("户编号", "household__household_no"),
        "borrower_name": Column("借款人", "borrower_name"),
        "bank": Column("银行", "bank"),
        "contract_no": Column("合同号", "contract_no"),
        "kind": Column("贷款种类", "kind", said=words(LoanKind)),
        "purpose": Column("用途", "purpose"),
        "principal": yuan("本金（元）", "principal_yuan"),
        "rate": Column("实际年利率（%）", "rate", said=Decimal, decimals=2),
        "begins_on": Column("放款日", "begins_on", said=a_day),
        "ends_on": Column("到期日", "ends_on", said=a_day),
        "repaid_on": Column("提前还清日", "repaid_on", said=a_day),
        "borne": yuan("已贴息（元）", "borne_yuan"),
    }
)
class LoanResource(SheetResource):
    """贴息贷款."""


@columns(
    {
        "division": Column("区划", "division__name"),
        "household_no": Column("户编号", "loan__household__household_no"),
        "borrower_name": Column("借款人", "loan__borrower_name"),
        "contract_no": Column("合同号", "loan__contract_no"),
        "begins_on": Column("贴息起", "begins_on", said=a_day),
        "ends_on": Column("贴息止", "ends_on", said=a_day),
        "counted": yuan("计贴本金（元）", "counted_yuan"),
        "amount": yuan("贴息额（元）", "amount_yuan"),
        "pot": yuan("贴息资金支付（元）", "pot_yuan"),
        "status": Column("状态", "status", said=words(ClaimStatus)),
        "entered_by": Column("编制人", "entered_by__full_name"),
        "decided_by": Column("批准人", "decided_by__full_name"),
        "decided_on": Column("批准日期", "decided_on", said=a_day),
        "paid_by": Column("支付人", "paid_by__full_name"),
        "paid_on": Column("支付日期", "paid_on", said=a_day),
    }
)
class ClaimResource(SheetResource):
    """贴息单."""


@columns(
    {
        "county": Column("县", "division__name"),
        "on": Column("日期", "on", said=a_day),
        "kind": Column("事项", "kind", said=words(PotKind)),
        "source": Column("从", "source", said=words(PotUse)),
        "target": Column("到", "target", said=words(PotUse)),
        "appropriation": Column("资金文件", "appropriation__number"),
        "amount": yuan("金额（元）", "amount_yuan"),
        "document_no": Column("文号", "document_no"),
        "number": Column("凭证号", "entry__number"),
        "finance": yuan("撬动金融资金（元）", "finance_yuan"),
        "social": yuan("撬动社会资金（元）", "social_yuan"),
        "entered_by": Column("登记人", "entered_by__full_name"),
    }
)
class PotResource(SheetResource):
    """贴息资金分账."""


@sheet_kind("interest_loans", "贴息贷款", permission=PERMISSION)
def loans(asked: Request) -> Selection:
    """Return the loans, as of a day where one is given."""
    found = loans_of(asked.actor, on=day_asked(asked))
    return selection(
        asked, "贴息贷款", found, "贷款", LoanResource(), order=("-begins_on", "-pk"), about_people=True
    )


@sheet_kind("interest_claims", "贴息单", permission=PERMISSION)
def claims(asked: Request) -> Selection:
    """Return the claims; with a day those paid by then."""
    found = claims_of(asked.actor, on=day_asked(asked))
    return selection(
        asked, "贴息单", found, "贴息单", ClaimResource(), order=("-begins_on", "-pk"), about_people=True
    )


@sheet_kind("interest_pot_acts", "贴息资金分账", permission=PERMISSION)
def pot_acts(asked: Request) -> Selection:
    """Return what was done with interest money, up to a day where one is given."""
    found = PotAct.objects.visible_to(asked.actor).select_related(
        "division", "appropriation", "entry", "entered_by"
    )
    day = day_asked(asked)
    if day is not None:
        found = found.filter(on__lte=day)
    return selection(
        asked, "贴息资金分账", found, "分账", PotResource(), order=("-on", "-pk"), about_people=False
    )


__all__ = ["claims", "loans", "pot_acts"]
