"""The forms of help for a household: pairs, visits, plans, measures, what arrived, what came of it, and its end."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from registry.codes import Cause, MeasureKind
from registry.forms.help.boxes import Box, Choice, HelpForm, PersonChoice, household_of
from registry.models import AssistPlan, Household, MemberYear
from registry.models.help import DeliveredBy, Stop
from registry.standard.fields import Field
from registry.standard.values import Unreadable, parse


def coded(choices: Any) -> list[tuple[str, str]]:
    """Return a code list as the paper prints it: `01 项目直补`."""
    return [(str(value), f"{value} {label}") for value, label in choices.choices]


class PairForm(HelpForm):
    """Who answers for the household, and since when."""

    person = PersonChoice("帮扶责任人")
    on = Box("自", "date", help_text="有前任的，从这一天起由继任负责，中间不空档")
    reason = Box("更换原因", empty=True, digits=200, help_text="有前任时必填")


class EndPairForm(HelpForm):
    """When and why nobody answers for the household any more."""

    on = Box("止", "date")
    reason = Box("原因", digits=200)


class VisitForm(HelpForm):
    """A visit of whoever answers."""

    person = PersonChoice("走访人")
    on = Box("日期", "date")
    content = Box("走访内容", digits=500)


class PlanForm(HelpForm):
    """A plan: measure, goal, money, time, person."""

    cause = Choice("针对原因", coded(Cause), empty=True)
    kind = Choice("措施种类", coded(MeasureKind))
    goal = Box("目标", digits=200)
    amount = Box("计划资金（元）", "money", help_text="不需资金的填 0")
    income_gain = Box("计划增收（元）", "money", empty=True)
    scale = Box("规模", empty=True, digits=100)
    project_no = Box("项目库编号", empty=True, digits=30)
    due_on = Box("时限", "date")
    person = PersonChoice("责任人")


class LabourerPlanForm(PlanForm):
    """A plan for a household or one of its labourers."""

    member = forms.ChoiceField(label="为谁", required=False, widget=forms.Select(attrs={"data-plain": "1"}))
    field_order = ["member"]

    def __init__(
        self, data: QueryDict | None = None, *, labourers: "QuerySet[MemberYear]", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        chosen = [(str(row.member_id), f"劳动力 {row.member.name}") for row in labourers]
        self.fields["member"].choices = [("", "全户"), *chosen]  # type: ignore[attr-defined]


class MeasureForm(HelpForm):
    """What was done, and who answers for it."""

    plan = forms.ModelChoiceField(
        label="按计划",
        queryset=AssistPlan.objects.none(),
        required=False,
        empty_label="没有对应的计划",
        widget=forms.Select(attrs={"data-plain": "1"}),
    )
    on = Box("日期", "date")
    kind = Choice("种类", coded(MeasureKind))
    content = Box("内容", digits=200)
    money_source = Box("资金来源", empty=True, digits=100)
    amount = Box("金额（元）", "money", empty=True)
    runs_until = Box("享受止期", "date", empty=True, help_text="贴息、分期补贴的止日；一次性的留空")
    project_no = Box("项目库编号", empty=True, digits=30)
    led_by = Box("带动主体", empty=True, digits=100, help_text="企业、合作社、大户、经纪人或农业技术骨干")
    person = PersonChoice("责任人")

    def __init__(
        self, data: QueryDict | None = None, *, plans: "QuerySet[AssistPlan]", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]


class CorrectMeasureForm(HelpForm):
    """A measure as it should have been put down, and why it was not."""

    on = Box("日期", "date")
    kind = Choice("种类", coded(MeasureKind))
    content = Box("内容", digits=200)
    money_source = Box("资金来源", empty=True, digits=100)
    amount = Box("金额（元）", "money", empty=True, help_text="不少于各户应到金额之和")
    project_no = Box("项目库编号", empty=True, digits=30)
    led_by = Box("带动主体", empty=True, digits=100)
    person = PersonChoice("责任人")
    reason = Box("更正原因", digits=200, help_text="原值留在更正记录里")


class HouseholdMeasureForm(MeasureForm):
    """A measure for a household or one of its members."""

    member = forms.ChoiceField(
        label="受益成员", required=False, widget=forms.Select(attrs={"data-plain": "1"})
    )
    field_order = ["plan", "member"]

    def __init__(
        self, data: QueryDict | None = None, *, members: "QuerySet[MemberYear]", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        chosen = [(str(row.member_id), row.member.name) for row in members]
        self.fields["member"].choices = [("", "全户"), *chosen]  # type: ignore[attr-defined]


class VillageMeasureForm(MeasureForm):
    """A measure of a village with the households that it is for, a line each."""

    recipients = forms.CharField(
        label="受益户",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一户：四位户号，空一格写应到户金额（可不写），如“0012 500”。不写受益户的列为未到户",
    )

    def clean_recipients(self) -> list[tuple[Household, Decimal | None]]:
        """Return the households of the village with what is to come to each."""
        found: list[tuple[Household, Decimal | None]] = []
        for number, line in enumerate(self.cleaned_data["recipients"].splitlines(), start=1):
            parts = line.split()
            if not parts:
                continue
            household = household_of(self.place, parts[0])
            if household is None or len(parts) > 2:
                raise forms.ValidationError(f"第 {number} 行：本村没有户号 {parts[0]}，或写法不对")
            found.append((household, self._amount(parts[1:], number)))
        return found

    def _amount(self, parts: list[str], line: int) -> Decimal | None:
        try:
            value = parse(Field("amount", "应到户金额", "money", "N"), parts[0] if parts else "")
        except Unreadable as wrong:
            raise forms.ValidationError(f"第 {line} 行：{wrong}") from wrong
        return value if isinstance(value, Decimal) else None


class RecipientForm(HelpForm):
    """One more household that a measure is for."""

    household = Box("户号", digits=16, help_text="本村四位户号或 16 位户编号")
    amount = Box("应到户金额（元）", "money", empty=True)
    runs_until = Box("享受止期", "date", empty=True)

    def clean_household(self) -> Household:
        """Return the household of that number in the measure's village."""
        household = household_of(self.place, self.cleaned_data["household"])
        if household is None:
            raise forms.ValidationError("本村没有这一户")
        return household


class DeliverForm(HelpForm):
    """What came into the recipient's hands."""

    on = Box("日期", "date")
    by = Choice("方式", DeliveredBy.choices)
    amount = Box("金额或折价（元）", "money")
    signed_by = Box("签收人", empty=True, digits=50, help_text="实物、服务由农户签收")


class EffectForm(HelpForm):
    """What the measure brought the household."""

    on = Box("日期", "date")
    income_gain = Box("年度增收额（元）", "money")
    jobs = Box("就业人数", "int", empty=True)
    contribution = Box("脱贫贡献说明", digits=500)
    confirmed_by = Box("农户确认人", empty=True, digits=50, help_text="农户当场确认的填；没有确认的以后补")
    confirmed_on = Box("农户确认日期", "date", empty=True)


class ConfirmForm(HelpForm):
    """Who of the household confirmed an effect, and when."""

    confirmed_by = Box("农户确认人", digits=50)
    on = Box("确认日期", "date")


class ReasonForm(HelpForm):
    """Why something is taken back."""

    reason = Box("原因", digits=200)


class StopForm(HelpForm):
    """How what a household that left still had to come is ended."""

    how = Choice("方式", Stop.choices)
    on = Box("停止日期", "date")
    reason = Box("理由", digits=200)
