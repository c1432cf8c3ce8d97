"""The forms of interest subsidies and of the pot that pays them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from funds.models import Appropriation
from funds.rules.interest import Borrower, LoanKind, Payer
from funds.rules.interest_pot import PotUse
from fupin.accounts.models import User
from registry.forms.help.boxes import Box, Choice, HelpForm
from registry.models import Household

YES_NO = [("0", "否"), ("1", "是")]


class LoanForm(HelpForm):
    """A loan as its contract says, and what the bank had promised."""

    borrower = Choice("借款人类别", Borrower.choices)
    household = Box("户编号", empty=True, digits=16, help_text="农户贷款填 16 位户编号；企业、项目单位留空")
    borrower_name = Box("企业或项目单位", empty=True, digits=100)
    bank = Box("放款银行", digits=100)
    contract_no = Box("借款合同号", digits=60)
    kind = Choice("贷款种类", LoanKind.choices)
    purpose = Box("用途", digits=200)
    principal_yuan = Box("本金（元）", "money")
    rate = Box("实际年利率（%）", "money", help_text="合同上的执行利率，累加贴息不得超过它")
    begins_on = Box("放款日", "date")
    ends_on = Box("到期日", "date", help_text="展期不填：展期、逾期不贴息")
    is_differential = Choice("差别授权", YES_NO)
    promised_yuan = Box("银行承诺额度（元）", "money", empty=True)
    promised_rate = Box("银行承诺利率（%）", "money", empty=True)

    def __init__(self, data: QueryDict | None = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user

    def clean_household(self) -> Household | None:
        """Return the household of that number in the user's division; nothing for an empty box."""
        number = self.cleaned_data["household"]
        if not number:
            return None
        found = Household.objects.visible_to(self.user).filter(household_no=number).first()
        if found is None:
            raise ValidationError("没有这一户，或不在您的区划之内")
        return found

    def clean_is_differential(self) -> bool:
        """Return whether the bank granted differential authority."""
        return str(self.cleaned_data["is_differential"]) == "1"


class RepaidForm(HelpForm):
    """The day on which a loan was paid back before it was due."""

    on = Box("提前还清日", "date")


class ClaimForm(HelpForm):
    """For which time interest is borne, and at which rate each level offers to bear it."""

    begins_on = Box("贴息起", "date")
    ends_on = Box("贴息止", "date", help_text="不足一年按实际天数÷360")
    province = Box("省级贴息率（%）", "money", empty=True)
    province_match = Box("省级配套贴息率（%）", "money", empty=True)
    city = Box("市级贴息率（%）", "money", empty=True)
    county = Box(
        "县级贴息率（%）", "money", empty=True, help_text="合计超过实际贷款利率的，从县、市、省依次压减"
    )
    document_no = Box("贴息率依据文号", digits=100)

    def offered(self) -> dict[Payer, Decimal]:
        """Return the rates that were filled in, by level."""
        rates = {payer: self.cleaned_data[payer.value.lower()] for payer in Payer}
        return {payer: rate for payer, rate in rates.items() if rate is not None}


class DecideForm(HelpForm):
    """Whether a claim is approved, when, and why not."""

    decision = Choice("意见", [("approve", "批准"), ("refuse", "退回")])
    on = Box("日期", "date")
    reason = Box("退回原因", empty=True, digits=200)


class PayForm(HelpForm):
    """The day on which a claim was paid."""

    on = Box("支付日期", "date")


class PotForm(HelpForm):
    """Something done with interest money; the key lets it be entered once."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    amount_yuan = Box("金额（元）", "money")
    on = Box("日期", "date")
    document_no = Box("文号", digits=60)
    memo = Box("摘要", empty=True, digits=200)


class TakeInForm(PotForm):
    """Money of a document comes from the county's ledger of interest into the pot."""

    appropriation = forms.ModelChoiceField(
        label="资金文件",
        queryset=Appropriation.objects.none(),
        empty_label="",
        widget=forms.Select(attrs={"data-plain": "1"}),
        error_messages={"required": "请填写"},
    )
    field_order = ["key", "appropriation"]

    def __init__(
        self, data: QueryDict | None = None, *, documents: "QuerySet[Appropriation]", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["appropriation"].queryset = documents  # type: ignore[attr-defined]


class SetAsideForm(PotForm):
    """Part of the pot gets one of the four uses."""

    target = Choice("用途", PotUse.choices)
    field_order = ["key", "target"]


class ChangeForm(PotForm):
    """Money moves from one use to another."""

    source = Choice("从", PotUse.choices)
    target = Choice("改为", PotUse.choices)
    field_order = ["key", "source", "target"]


class SpendForm(PotForm):
    """Money goes out for a use other than direct subsidies, and what it moved of banks and society."""

    source = Choice("用途", [one for one in PotUse.choices if one[0] != PotUse.DIRECT])
    finance_yuan = Box("撬动金融资金（元）", "money", empty=True)
    social_yuan = Box("撬动社会资金（元）", "money", empty=True)
    field_order = ["key", "source"]
