"""What the offices fill in: posting, photographs, taking down, objections."""

from typing import Any

from django import forms

from fupin.notices.forms.public import rows_of
from fupin.notices.models import Channel, NoticeLine
from fupin.notices.services.objecting import MOST


def day_field(label: str, *, help_text: str = "") -> forms.DateField:
    """Return a field for a day, typed or picked."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text)


class OfficeForm(forms.Form):
    """A form that leaves the checks to the server."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class PhotoForm(OfficeForm):
    """A photograph and its day."""

    photo = forms.FileField(
        label="张贴照片",
        help_text="看得清公示和张贴处；JPG 或 PNG，不超过 10 MB。照片公开，拍摄地点等隐藏信息自动去掉。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    photographed_on = day_field("拍摄日期")


class PostForm(PhotoForm):
    """Where and since when a notice hangs."""

    place = forms.CharField(
        label="张贴地点", max_length=60, widget=forms.TextInput(attrs={"placeholder": "如：村委会公示栏"})
    )
    on = day_field("张贴日期", help_text="应与稿面日期相同；从次日起算")
    field_order = ("place", "on", "photo", "photographed_on")


class RedateForm(OfficeForm):
    """Another day of posting."""

    on = day_field("改为哪天张贴")


class ReasonForm(OfficeForm):
    """Why something is given up or taken down."""

    reason = forms.CharField(label="原因", min_length=4, max_length=200)


class RecordForm(OfficeForm):
    """An objection that came in by word of mouth, telephone or letter."""

    channel = forms.ChoiceField(
        label="途径",
        choices=[(channel.value, channel.label) for channel in Channel if channel is not Channel.WEB],
        widget=forms.RadioSelect,
    )
    filed_on = day_field("提出日期")
    position = forms.TypedChoiceField(
        label="对哪一行",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"data-plain": "1"}),
    )
    statement = forms.CharField(label="异议内容", max_length=MOST, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label="异议人", max_length=20, required=False)
    phone = forms.CharField(label="联系电话", max_length=30, required=False, help_text="姓名、电话加密保存")
    entry_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: list[NoticeLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = rows_of(lines)  # type: ignore[attr-defined]


class DecisionForm(OfficeForm):
    """What becomes of an objection. Which boxes count is for the decision to say."""

    decision = forms.ChoiceField(
        choices=[
            ("accept", "受理"),
            ("decline", "不予受理"),
            ("uphold", "异议成立"),
            ("reject", "异议不成立"),
        ]
    )
    finding = forms.CharField(
        label="调查结论",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="内部留存，不公开",
    )
    answer = forms.CharField(
        label="答复",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="异议人凭编号和查询码可查；不能写证件号码、账号和电话",
    )
