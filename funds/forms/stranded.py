"""The forms of stranded money: recognised, recovered, sent back, received, used again."""

from typing import Any

from django import forms
from django.http import QueryDict

from funds.models import Payment
from funds.models.stranded import ReturnPart
from funds.rules.stranded import StrandedReason
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.lib.money import grouped
from registry.forms.help.boxes import Box, Choice, HelpForm

_PLAIN = {"data-plain": "1"}


class RecogniseForm(HelpForm):
    """Why money is stranded."""

    reason = Choice("原因", StrandedReason.choices)
    standing_yuan = Box(
        "已形成实物的金额（元）",
        "money",
        empty=True,
        help_text="项目不再具备实施条件时填：已付款中有实物的部分，其余须追回；不填按已验收额",
    )
    note = Box("情况说明", digits=200)
    on = Box("认定日期", "date")


class PaymentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the payments from which money may come back."""

    def label_from_instance(self, obj: Any) -> str:
        """Return who had how much."""
        return f"{obj.batch.number}/{obj.seq} {obj.payee_name} {grouped(obj.amount_yuan - obj.recovered_yuan)} 元"


class RecoverForm(HelpForm):
    """What came back, of which payment."""

    payment = PaymentChoice(
        queryset=Payment.objects.none(), label="原支付", empty_label="", widget=forms.Select(attrs=_PLAIN)
    )
    amount_yuan = Box("追回金额（元）", "money")
    document_no = Box("凭证号", digits=60)
    on = Box("追回日期", "date")

    def __init__(self, data: QueryDict | None = None, *, payments: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["payment"].queryset = payments  # type: ignore[attr-defined]


class SendBackForm(HelpForm):
    """What goes back to the province: all of a part."""

    part = Choice("部分", ReturnPart.choices)
    amount_yuan = Box("汇出金额（元）", "money", help_text="须全额，不得抵扣")
    document_no = Box("凭证号", digits=60)
    on = Box("汇出日期", "date")


class UseAgainForm(HelpForm):
    """To which county returned money goes."""

    county = forms.ModelChoiceField(
        queryset=Division.objects.none(),
        label="调剂到县",
        empty_label="",
        widget=forms.Select(attrs=_PLAIN),
        error_messages={"required": "请选县"},
    )
    amount_yuan = Box("金额（元）", "money")
    document_no = Box("文号", digits=60)
    tasks = Box("任务清单", digits=500)
    answerable = Box("县责任人", digits=60)
    on = Box("日期", "date")

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        counties = Division.objects.filter(level=Level.COUNTY).order_by("code")
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]
