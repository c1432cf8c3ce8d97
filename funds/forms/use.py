"""The forms of a county's money: placements, lists of payments, results of the bank, acceptances."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from funds.codes.allotment import LineKind, NamedLedger
from funds.models import Appropriation, LineAccount
from funds.models.payment import BatchKind
from funds.models.use import AcceptanceResult
from fupin.lib.money import grouped
from projects.codes import UseWay
from projects.models import Project
from registry.forms.help.boxes import Box, Choice, HelpForm

_PLAIN = {"data-plain": "1"}


class AppropriationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the documents of which a county has money that it has not placed, with how much."""

    def __init__(self, label: str = "资金文件") -> None:
        super().__init__(
            queryset=Appropriation.objects.none(),
            label=label,
            empty_label="",
            widget=forms.Select(attrs=_PLAIN),
            error_messages={"required": "请选资金文件", "invalid_choice": "本县没有该文件的未落实资金"},
        )
        self.left: dict[int, Any] = {}

    def offer(self, county: int) -> None:
        """Offer what a county has."""
        lines = LineAccount.objects.filter(county_id=county, kind=LineKind.COUNTY, account__balance__gt=0)
        self.left = dict(lines.order_by("pk").values_list("appropriation", "account__balance"))
        self.queryset = Appropriation.objects.filter(pk__in=self.left).order_by("-issued_on", "-pk")

    def label_from_instance(self, obj: Any) -> str:
        """Return the document's number and what is left of it."""
        return f"{obj.number}（未落实 {grouped(self.left.get(obj.pk, 0))} 元）"


class ProjectChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the projects of the pool that may have money."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Project.objects.none(),
            label="项目",
            required=False,
            empty_label="",
            widget=forms.Select(attrs=_PLAIN),
            help_text="只列已列入年度计划、没有退库或停止的项目",
            error_messages={"invalid_choice": "该项目没有列入年度计划，或已退库、不再实施，不得挂资金"},
        )

    def label_from_instance(self, obj: Any) -> str:
        """Return the project's number and name."""
        return f"{obj.number} {obj.name}"


class PlacementForm(HelpForm):
    """What goes where, by which way."""

    appropriation = AppropriationChoice()
    project = ProjectChoice()
    ledger = Choice("或专账", NamedLedger.choices, empty=True)
    amount_yuan = Box("金额（元）", "money")
    use_way = Choice("使用方式", UseWay.choices)
    use_way_reason = Box("未用竞争方式的理由", empty=True, digits=200, help_text="使用方式填“其他”时必填")
    investment_yuan = Box("项目总投资（元）", "money", empty=True, help_text="民办公助必填")
    document_no = Box("批准文号", digits=60)
    on = Box("日期", "date")

    def __init__(self, data: QueryDict | None = None, *, county: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        projects: QuerySet[Project] = Project.objects.can_receive_money().filter(county=county)
        self.fields["project"].queryset = projects.order_by("number")  # type: ignore[attr-defined]
        self.fields["appropriation"].offer(county)  # type: ignore[attr-defined]


class BecauseForm(HelpForm):
    """Why something is sent back, withdrawn or stopped."""

    because = Box("原因", digits=100)


class DayForm(HelpForm):
    """On which day something happened."""

    on = Box("日期", "date")


class BatchForm(HelpForm):
    """What a list of payments is for."""

    item = Box("支付事项", digits=60, help_text="如 核桃种植补助")
    period = Box("所属期", digits=7, help_text="年度或月份：2014、2014-09")
    on = Box("编制日期", "date")


class ContractorForm(BatchForm):
    """A payment to a contractor or supplier."""

    payee_name = Box("收款单位", digits=60)
    bank_name = Box("开户银行", digits=60)
    account = Box("收款账号", digits=30)
    amount_yuan = Box("金额（元）", "money")


class ResultsForm(HelpForm):
    """The bank's file of what it did."""

    file = forms.FileField(
        label="银行回盘文件",
        help_text="xlsx 或 csv，须有 序号、金额、结果 三列；结果填 成功 或 失败，失败的另列 失败原因",
        error_messages={"required": "请选文件"},
    )
    on = Box("到账日期", "date")


class AcceptanceForm(HelpForm):
    """What an acceptance found."""

    household_no = Box("户编号", empty=True, digits=16, help_text="逐户验收时填，整项验收留空")
    on = Box("验收日期", "date")
    result = Choice("结果", AcceptanceResult.choices)
    standard_yuan = Box("奖补标准（元）", "money", empty=True, help_text="以奖代补必填")
    quantity = Box("核定量", "money", empty=True, help_text="以奖代补必填；核定金额 = 标准 × 核定量")
    inspector = Box("验收单位和人员", digits=100)
    document_no = Box("验收文号", digits=60)
    opinion = Box("意见", empty=True, digits=200, help_text="需整改的必填")


KINDS = BatchKind.choices
