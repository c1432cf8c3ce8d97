"""The facts of a project as they are put down, and the small forms of what is done with it."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import QueryDict

from fupin.divisions.codes import Level
from fupin.divisions.widgets import DivisionInput
from projects.codes import FileKind, Industry, Link, ProjectKind, UseWay
from projects.rules.stages import Transition
from projects.services.beneficiaries import BeneficiaryGiven
from registry.forms.filters import YES_NO
from registry.forms.help.boxes import Box, Choice, HelpForm
from registry.standard.fields import Field
from registry.standard.values import Unreadable, parse

_MONEY: Final = Field("promised", "承诺金额", "money", "N")


class Division(forms.CharField):
    """A division chosen by name, pinyin or code."""

    def __init__(self, label: str, *, level: Level | None = None, help_text: str = "") -> None:
        super().__init__(label=label, max_length=12, widget=DivisionInput(level=level), help_text=help_text)

    def clean(self, value: Any) -> int:
        """Return the code."""
        text = str(super().clean(value)).strip()
        if len(text) != 12 or not text.isascii() or not text.isdigit():
            raise forms.ValidationError("请从列表中选择区划")
        return int(text)


class ProjectForm(HelpForm):
    """The facts of a project."""

    division = Division("所在地", help_text="项目落在哪个县、乡镇或村；录入后不能改")
    name = Box("项目名称", digits=40, help_text="会公示")
    kind = Choice("类别", ProjectKind.choices)
    industry = Choice("产业", Industry.choices, empty=True, help_text="产业开发项目必选")
    year = Box("计划年度", "int", help_text="列入哪一年的年度计划")
    place = Box("建设地点", digits=100)  # type: ignore[assignment]  # a field here; where the form stands is no matter of it
    content = Box("建设内容", digits=1000)
    planned_yuan = Box("计划投资（元）", "money")
    money_sources = Box("资金来源", digits=200)
    use_way = Choice("使用方式", UseWay.choices)
    use_way_reason = Box("未用竞争方式的理由", empty=True, digits=200, help_text="使用方式为“其他”时必填")
    subsidy_standard = Box("补助标准", empty=True, digits=200)
    procurement = Box("招标采购方式", empty=True, digits=100)
    goals = Box("质量与效益目标", digits=500)
    is_to_household = Choice("到户项目", YES_NO, help_text="到户项目批准前须挂受益户名单")
    needs_prov_approval = Choice("须省级审批", YES_NO, help_text="切块资金项目由县级批准，填“否”")
    prov_approval_reason = Box("须省级审批的理由", empty=True, digits=200)
    implementing_unit = Box("实施（使用责任）单位", digits=80)
    responsible_person = Box("实施负责人", digits=40)
    supervising_unit = Box("监管责任单位", digits=80)
    supervising_person = Box("监管责任人", digits=40)
    approving_unit = Box("审批单位", digits=80)
    hotline = Box("监督电话", digits=20, help_text="会公示：单位座机（如 0358-4422000）或五位热线")
    planned_start_on = Box("计划开工日期", "date")
    planned_finish_on = Box("计划完工日期", "date")
    planned_accept_on = Box("计划验收日期", "date")

    def __init__(self, data: QueryDict | None = None, *, is_new: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not is_new:
            del self.fields["division"]

    def facts(self) -> dict[str, Any]:
        """Return what was put down, without the place."""
        return {
            name: value == "1" if name in ("is_to_household", "needs_prov_approval") else value
            for name, value in self.cleaned_data.items()
            if name != "division"
        }


class StepForm(HelpForm):
    """What a step asks for: its day, and as it may be a document number and an opinion."""

    on = Box("日期", "date")
    document_no = Box("文号", empty=True, digits=60)
    opinion = Box("意见", empty=True, digits=500)

    def __init__(self, data: QueryDict | None = None, *, step: Transition, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["document_no"].required = step.document
        self.fields["opinion"].required = step.opinion
        if step.name in ("reject", "fail", "send_back"):
            self.fields["opinion"].label = "理由"


class NoticesForm(HelpForm):
    """On which day the notices are to hang."""

    on = Box("张贴日期", "date", help_text="公示稿按此日期写明公示期")


class VillageForm(HelpForm):
    """A village that the project is for."""

    village = Division("项目村", level=Level.VILLAGE)


class FileForm(forms.Form):
    """A file of the project."""

    kind = Choice("种类", FileKind.choices)
    title = Box("说明", empty=True, digits=100)
    file = forms.FileField(label="文件", help_text="JPG、PNG 图片或 PDF，10 MB 以内")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


class WithdrawForm(HelpForm):
    """Nothing but the word."""


class RemoveForm(HelpForm):
    """When and why a household is taken off the list."""

    on = Box("移出日期", "date")
    because = Box("移出原因", digits=200)


class CheckForm(HelpForm):
    """What a spot check found."""

    link = Choice("环节", Link.choices)
    on = Box("抽查日期", "date")
    finding = Box("抽查情况", digits=500)
    has_problem = Choice("有问题", YES_NO)
    mend_by = Box("整改期限", "date", empty=True, help_text="有问题的必填")

    def facts(self) -> dict[str, Any]:
        """Return what was found."""
        return {**self.cleaned_data, "has_problem": self.cleaned_data["has_problem"] == "1"}


class MendForm(HelpForm):
    """How what was found was mended."""

    on = Box("整改日期", "date")
    how = Box("整改情况", digits=500)


class CloseForm(HelpForm):
    """On which day a finding is closed."""

    on = Box("销号日期", "date")


class HouseholdsForm(HelpForm):
    """A list of households by their numbers, one a line: number, amount, what is promised; a member's number stands for him."""

    on = Box("列入日期", "date")
    numbers = forms.CharField(
        label="户编号",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="每行一户：16 位户编号（或 18 位人编号，列到劳动力个人），可接承诺金额（元）和承诺内容，用空格或逗号隔开",
    )

    def lines(self) -> tuple[list[BeneficiaryGiven], dict[int, str], list[int]]:
        """Return the rows that can be read, what is wrong with the others by their line, and the line of each row."""
        given: list[BeneficiaryGiven] = []
        wrong: dict[int, str] = {}
        places: list[int] = []
        for place, line in enumerate(self.cleaned_data["numbers"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                given.append(_read(line))
                places.append(place)
            except ValueError as unreadable:
                wrong[place] = str(unreadable)
        return given, wrong, places


_FIRST: Final = re.compile(r"[\s,，、]+")
_NEXT: Final = re.compile(r"[\s，、]+|,(?!\d{3}(?!\d))")
"""A comma parts an amount's thousands, too."""


def _read(line: str) -> BeneficiaryGiven:
    number, *tail = _FIRST.split(line.strip(), maxsplit=1)
    if not number.isascii() or not number.isdigit() or len(number) not in (16, 18):
        raise ValueError(f"“{number[:20]}”不是 16 位户编号或 18 位人编号")
    rest = [one for one in _NEXT.split(tail[0]) if one] if tail else []
    amount: Decimal | None = None
    if rest and rest[0][0] in "0123456789-+－":
        try:
            amount = parse(_MONEY, rest[0])  # type: ignore[assignment]  # of this kind
        except Unreadable as unreadable:
            raise ValueError(f"“{rest[0][:20]}”不是金额") from unreadable
        rest = rest[1:]
    person = number if len(number) == 18 else ""
    return BeneficiaryGiven("" if person else number, person, promised_yuan=amount, promised=" ".join(rest))
