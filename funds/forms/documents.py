"""Forms of documents, tasks set apart and budgets."""

from decimal import Decimal
from typing import Any

from django import forms

from funds.codes.document import BudgetKind, FundKind, FundLevel
from funds.forms.base import PLAIN, MoneyForm, YuanField, day_input
from fupin.divisions.codes import Level, contains
from fupin.divisions.models import Division

FIRST_YEAR, LAST_YEAR = 2011, 2100


class AppropriationForm(MoneyForm):
    """资金文件."""

    number = forms.CharField(label="文号", max_length=100)
    level = forms.ChoiceField(label="级次", choices=FundLevel.choices, widget=forms.Select(attrs=PLAIN))
    kind = forms.ChoiceField(label="资金类别", choices=FundKind.choices, widget=forms.Select(attrs=PLAIN))
    fiscal_year = forms.IntegerField(label="预算年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    issued_on = forms.DateField(
        label="下达日期",
        widget=day_input(),
        help_text="早于预算年度的为提前下达，应于预算年度 3 月 31 日前下达完毕",
    )
    received_on = forms.DateField(label="收文日期", widget=day_input())
    purpose = forms.CharField(label="用途", max_length=200)
    amount_yuan = YuanField(label="金额（元）")
    needs_prov_approval = forms.BooleanField(
        label="须省级审批的项目", required=False, help_text="少量；不受下达时限约束，不切块到县"
    )
    approval_reason = forms.CharField(label="须省级审批的理由", max_length=300, required=False)
    exception_reason = forms.CharField(
        label="不按期下达的理由",
        max_length=300,
        required=False,
        help_text="省级资金原则上与中央同限，例外须写明",
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two days and the reason together."""
        given = super().clean() or {}
        issued, received = given.get("issued_on"), given.get("received_on")
        if issued and received and received < issued:
            self.add_error("received_on", "收文日期不能早于下达日期")
        if given.get("needs_prov_approval") and not given.get("approval_reason"):
            self.add_error("approval_reason", "须省级审批的，写明理由")
        return given


class CarveOutForm(MoneyForm):
    """重大任务单列."""

    task = forms.CharField(label="任务", max_length=200)
    amount_yuan = YuanField(label="金额（元）")
    document_no = forms.CharField(label="依据文号", max_length=100)
    answerable = forms.CharField(label="责任人", max_length=60)


class BudgetForm(MoneyForm):
    """年度预算 of a level."""

    division = forms.IntegerField(label="区划代码")
    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ChoiceField(label="类别", choices=BudgetKind.choices, widget=forms.Select(attrs=PLAIN))
    amount_yuan = YuanField(label="金额（元）", least=Decimal(0))
    general_expenditure_yuan = YuanField(
        label="一般预算支出（元）", required=False, help_text="用来看投入占支出的比重"
    )
    document_no = forms.CharField(label="依据文号", max_length=100)

    def __init__(self, *args: Any, within: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within = within

    def clean_division(self) -> int:
        """Return a province, city or county within one's own division."""
        code = int(self.cleaned_data["division"])
        found = Division.objects.filter(pk=code, level__lte=Level.COUNTY).first()
        if found is None or not contains(self.within, code):
            raise forms.ValidationError("请填本区划内的省、市、县代码")
        return code


class IssueForm(MoneyForm):
    """下达: the document to the counties, its day, the tasks, and who answers in each county."""

    document_no = forms.CharField(label="下达文号", max_length=60)
    on = forms.DateField(label="下达日期", widget=day_input())
    tasks = forms.CharField(
        label="任务清单",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="随资金下达到县的任务",
    )

    def __init__(self, *args: Any, counties: list[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for county in counties:
            self.fields[f"answerable-{county.pk}"] = forms.CharField(
                label=f"{county.name} 责任人", max_length=60
            )

    @property
    def answerable(self) -> dict[int, str]:
        """Return who answers, by county."""
        return {
            int(name.partition("-")[2]): value
            for name, value in self.cleaned_data.items()
            if name.startswith("answerable-")
        }


class DayForm(MoneyForm):
    """The day of a step."""

    on = forms.DateField(label="日期", widget=day_input())
