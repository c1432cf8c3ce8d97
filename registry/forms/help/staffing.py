"""The forms of those who help: organs, people, teams, rosters, logs, leaders' villages, links."""

from typing import Any

from django import forms
from django.http import QueryDict

from fupin.accounts.models import User
from fupin.divisions.codes import contains, is_administrative_village
from fupin.divisions.models import Division
from registry.codes import HelperEducation, Political, UnitAffiliation
from registry.forms.help.acts import coded
from registry.forms.help.boxes import Box, Choice, HelpForm, PersonChoice, household_of, people_for
from registry.models import Household, Organ, WorkTeam
from registry.models.help import ActivityKind, LogKind, Progress, RosterKind


class VillageBox(Box):
    """An administrative village by its code."""

    def __init__(self, label: str = "村", *, empty: bool = False) -> None:
        super().__init__(label, empty=empty, digits=12, help_text="12 位村代码")

    def clean(self, value: Any) -> int | None:
        """Return the code; raise ValidationError where it is no administrative village's."""
        text = super().clean(value)
        if not text:
            return None
        code = int(text) if len(text) == 12 and text.isascii() and text.isdigit() else 0
        if not is_administrative_village(code) or not Division.objects.filter(pk=code).exists():
            raise forms.ValidationError("请填行政村的 12 位代码；工作队和包村领导直接到村，不到乡、片")
        return code


class OrganForm(HelpForm):
    """An organ that is to send people."""

    name = Box("单位名称", digits=100)
    code = Box("单位代码", empty=True, digits=18)
    affiliation = Choice("隶属关系", coded(UnitAffiliation))
    must_send = forms.BooleanField(label="应派出干部", required=False, initial=True)


class _OrganChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self) -> None:
        super().__init__(
            label="单位",
            queryset=Organ.objects.none(),
            empty_label="",
            widget=forms.Select(attrs={"data-plain": "1"}),
        )


class PersonForm(HelpForm):
    """An official who helps."""

    name = Box("姓名", digits=50)
    id_no = Box("身份号码", digits=20)
    organ = _OrganChoice()
    position = Box("派出单位职务", digits=50)
    heads_organ = forms.BooleanField(label="单位主要负责同志", required=False)
    phone = Box("电话", empty=True, digits=20)
    political = Choice("政治面貌", coded(Political), empty=True)
    education = Choice("学历", coded(HelperEducation), empty=True)
    specialty = Box("技术特长", empty=True, digits=100)
    username = Box("本系统用户名", empty=True, digits=150, help_text="填了以后，本人登录即见自己的帮扶页")

    def __init__(self, data: QueryDict | None = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["organ"].queryset = Organ.objects.visible_to(user).order_by("name", "pk")  # type: ignore[attr-defined]

    def clean_username(self) -> User | None:
        """Return the user of that name."""
        name = self.cleaned_data["username"]
        if not name:
            return None
        user = User.objects.filter(username=name).first()
        if user is None:
            raise forms.ValidationError("没有这个用户")
        return user


class TeamForm(HelpForm):
    """A team with its village and leader."""

    name = Box("名称", digits=100)
    organ = _OrganChoice()
    village = VillageBox("进驻的村")
    leader = PersonChoice("队长")
    since = Box("进驻日期", "date")
    document = Box("派驻文号", digits=100)

    def __init__(self, data: QueryDict | None = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["organ"].queryset = Organ.objects.visible_to(user).order_by("name", "pk")  # type: ignore[attr-defined]


class PostingForm(HelpForm):
    """The next village of a team whose five years are over."""

    village = VillageBox("进驻的村")
    since = Box("进驻日期", "date")
    document = Box("派驻文号", digits=100)


class LeaderForm(HelpForm):
    """The next leader of a team."""

    person = PersonChoice("继任队长")
    since = Box("任职日期", "date")
    reason = Box("提前更换原因", empty=True, digits=200, help_text="现任不满两年的必填")


class EnrolForm(HelpForm):
    """Somebody who serves in a village."""

    village = VillageBox()
    person = forms.CharField(
        label="人员", help_text="帮扶责任人名册中的姓名；重名的先登记到不同单位，再填“姓名 单位”"
    )
    kind = Choice("类别", RosterKind.choices)
    team = forms.ModelChoiceField(
        label="工作队",
        queryset=WorkTeam.objects.none(),
        required=False,
        empty_label="不属于工作队",
        widget=forms.Select(attrs={"data-plain": "1"}),
    )
    since = Box("起", "date")
    until = Box("止", "date", empty=True, help_text="不再任职的首日；在任的留空")
    is_young_cadre = forms.BooleanField(label="青年干部培养锻炼", required=False)
    incentive = Box("激励", empty=True, digits=200)
    support = Box("保障措施", empty=True, digits=200)

    def __init__(self, data: QueryDict | None = None, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["team"].queryset = WorkTeam.objects.visible_to(user).order_by("name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the one person of that name who may serve the village."""
        values = super().clean() or {}
        village, words = values.get("village"), str(values.get("person", "")).split()
        if village and words:
            found = people_for(village).filter(name=words[0])
            if len(words) > 1:
                found = found.filter(organ__name=words[1])
            people = list(found[:2])
            if len(people) != 1:
                self.add_error(
                    "person", "名册中没有此人可到该村" if not people else "有重名，请填“姓名 单位”"
                )
            else:
                values["person"] = people[0]
        return values


class LeaveForm(HelpForm):
    """When somebody ceases to serve."""

    on = Box("不再任职的首日", "date")


class LogForm(HelpForm):
    """A day's work for a card or a project."""

    on = Box("日期", "date")
    kind = Choice("事项", LogKind.choices)
    household = Box("服务的户", empty=True, digits=16, help_text="本村四位户号；户和项目至少填一项")
    project_no = Box("服务的项目", empty=True, digits=30)
    content = Box("工作内容", digits=500)

    def clean_household(self) -> Household | None:
        """Return the household of the village by its number."""
        digits = self.cleaned_data["household"]
        if not digits:
            return None
        household = household_of(self.place, digits)
        if household is None:
            raise forms.ValidationError("本村没有这一户")
        return household


class StayForm(HelpForm):
    """Days lived in the village."""

    first_day = Box("首日", "date")
    last_day = Box("末日", "date")


class TakeVillageForm(HelpForm):
    """A leader's village."""

    village = VillageBox("包扶村")
    person = PersonChoice("包村领导")
    since = Box("起", "date")
    base_year = Box("基年", "year", help_text="以该年度村表的农民人均纯收入为基数，五年内翻番")
    choice_reason = Box("选非最低收入村的说明", empty=True, digits=200)


class NextVillageForm(HelpForm):
    """The new village of a leader who was done early."""

    village = VillageBox("新的包扶村")
    since = Box("起", "date")
    base_year = Box("基年", "year", help_text="以新村该年度村表的农民人均纯收入为基数")
    choice_reason = Box("选非最低收入村的说明", empty=True, digits=200)


class ProposeForm(HelpForm):
    """By which year's income the task is done."""

    year = Box("达标年度", "year")


class LinkParts(HelpForm):
    """The parts of a three-in-one link; what is not known yet stays empty."""

    leader = PersonChoice("省领导", empty=True)
    enterprise = Box("扶贫开发企业", empty=True, digits=100)
    enterprise_code = Box("企业代码", empty=True, digits=18)
    village = VillageBox("住村包村点", empty=True)

    def clean_village(self) -> Division | None:
        """Return the village, which lies in the county."""
        code = self.cleaned_data["village"]
        if code is None:
            return None
        if self.place is not None and not contains(self.place, code):
            raise forms.ValidationError("住村包村点应在联系县内")
        return Division.objects.get(pk=code)


class LinkForm(LinkParts):
    """A new link."""

    since = Box("起", "date")


class LinkChangeForm(LinkParts):
    """Changed parts of a link, or its end."""

    until = Box("止", "date", empty=True)


class ActivityForm(HelpForm):
    """What was done for the county, or a problem that was raised."""

    on = Box("日期", "date")
    kind = Choice("种类", ActivityKind.choices)
    content = Box("内容", digits=500)
    progress = Choice("办理进度", Progress.choices, help_text="只有“解决问题”须跟踪，其余选“无待办”")
    due_on = Box("办理时限", "date", empty=True)


class ProgressForm(HelpForm):
    """How far a problem is dealt with."""

    progress = Choice("办理进度", [one for one in Progress.choices if one[0] != Progress.NONE])
    on = Box("日期", "date")


class CoverageForm(HelpForm):
    """A stage of the plan of coverage."""

    number = Box("期次", "int")
    due_on = Box("完成日期", "date")
    villages = Box("有队贫困村（个）", "int")
    households = Box("有责任人贫困户（户）", "int")
    document = Box("依据", empty=True, digits=100)
