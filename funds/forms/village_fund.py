"""The forms of a village fund."""

import re

from django import forms

from funds.codes.village_fund import ReceiptKind
from funds.rules.village_fund import PRODUCTION, LoanPurpose
from fupin.divisions.codes import Level
from fupin.divisions.widgets import DivisionInput
from registry.forms.help.boxes import Box, Choice, HelpForm

_PRODUCTIVE = [(purpose.value, purpose.label) for purpose in LoanPurpose if purpose in PRODUCTION]


class KeyedForm(HelpForm):
    """A form that moves money: it carries the key under which it is entered once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class FundForm(HelpForm):
    """A fund as it was registered with civil affairs."""

    village = forms.RegexField(
        r"^\d{12}$",
        label="行政村",
        widget=DivisionInput(level=Level.VILLAGE),
        error_messages={"required": "请填写", "invalid": "选一个行政村"},
    )
    name = Box("名称", digits=60)
    registration_no = Box("社团登记证号", digits=40, help_text="民政部门登记为社团法人的证号")
    registered_on = Box("登记日期", "date")
    annual_rate = Box("占用费年费率（%）", "money")


class ReceiptForm(KeyedForm):
    """The government's share, or a gift."""

    kind = Choice("种类", ReceiptKind.choices)
    giver = Box("来源", digits=60, help_text="拨付单位或捐赠人")
    amount_yuan = Box("金额（元）", "money")
    document_no = Box("文号或票据号", digits=60)
    on = Box("到账日期", "date")


class JoinForm(KeyedForm):
    """A household that joins."""

    household = Box(
        "户编号", empty=True, digits=16, help_text="在册贫困户填户编号或本村四位序号，一般农户留空"
    )
    head_name = Box("户主姓名", digits=50)
    share_yuan = Box("入股（元）", "money")
    state_paid = forms.BooleanField(label="由财政代缴", required=False, help_text="只限在册贫困户")
    on = Box("入社日期", "date")


class LeaveForm(KeyedForm):
    """A member who leaves."""

    on = Box("退社日期", "date")


class AskForm(HelpForm):
    """What a member asks for."""

    household = Box("借款人", digits=16, help_text="社员号或户编号")
    amount_yuan = Box("金额（元）", "money")
    months = Box("期限（月）", "int")
    purpose = Choice("用途", _PRODUCTIVE, error_messages={"invalid_choice": "只借给发展生产，请选生产用途"})
    purpose_note = Box("用在什么生产上", digits=100)
    guarantors = Box("联保社员号", digits=40, help_text="用顿号或空格分开，如 12、15")
    on = Box("申请日期", "date")

    def clean_guarantors(self) -> list[int]:
        """Return the members' numbers."""
        parts = [part for part in re.split(r"[、，,\s]+", self.cleaned_data["guarantors"]) if part]
        if not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in parts):
            raise forms.ValidationError("写社员号，用顿号分开，如 12、15")
        return [int(part) for part in parts]


class LendForm(HelpForm):
    """The day on which a loan is approved and paid out."""

    on = Box("借出日期", "date")


class RefuseForm(HelpForm):
    """Why a loan is not approved."""

    because = Box("不批准的原因", digits=200)
    on = Box("日期", "date")


class RepayForm(KeyedForm):
    """What came back."""

    principal_yuan = Box("本金（元）", "money")
    fee_yuan = Box("占用费（元）", "money")
    on = Box("归还日期", "date")


class TakeBackForm(KeyedForm):
    """Why an entry is reversed."""

    reason = Box("冲销原因", digits=200)
    on = Box("日期", "date")
