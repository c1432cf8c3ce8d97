"""What the public may ask, and how it objects."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from fupin.divisions.codes import PROVINCE_CODE, Level, contains, level_of
from fupin.notices.models import NoticeLine
from fupin.notices.services.objecting import LEAST, MOST

STEPS = (
    ("city", Level.CITY),
    ("county", Level.COUNTY),
    ("township", Level.TOWNSHIP),
    ("village", Level.VILLAGE),
)


def code_asked(query: QueryDict) -> int:
    """Return the division that was asked for: by a link's ``division``, or the lowest box that lies in the one above it."""
    asked = _code(query.get("division", ""))
    if asked is not None and contains(PROVINCE_CODE, asked):
        return asked
    code = PROVINCE_CODE
    for name, level in STEPS:
        chosen = _code(query.get(name, ""))
        if chosen is None or level_of(chosen) is not level or not contains(code, chosen):
            break
        code = chosen
    return code


def _code(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) == 12):
        return None
    return int(text) if text[0] != "0" else None


class SeekForm(forms.Form):
    """The days between which a notice stood; whatever is no day is left out."""

    since = forms.DateField(
        label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def days(self) -> tuple[date | None, date | None]:
        """Return both days as far as they could be read."""
        self.is_valid()
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


class UnshownInput(forms.TextInput):
    """A box whose content is never sent back to the browser, as a password's: others sit at the same screen."""

    def format_value(self, value: Any) -> None:
        """Return nothing to be shown."""


class ObjectionForm(forms.Form):
    """An objection of somebody who has not signed in. ``website`` is a trap: people don't see it, programs fill it in."""

    position = forms.TypedChoiceField(
        label="对哪一行",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"data-plain": "1"}),
    )
    statement = forms.CharField(
        label="异议内容",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"{LEAST} 至 {MOST} 字：谁、什么情况与公示不符。请不要写证件号码、银行账号和电话。",
    )
    name = forms.CharField(
        label="您的姓名", max_length=20, required=False, help_text="可不填", widget=UnshownInput
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=30,
        required=False,
        widget=UnshownInput(attrs={"inputmode": "tel"}),
        help_text="可不填。姓名和电话加密保存，只有办理人写明事由才能看到，不告诉被反映的人。",
    )
    website = forms.CharField(
        label="网址", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    entry_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    use_required_attribute = False

    def __init__(self, *args: Any, lines: list[NoticeLine], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["position"].choices = rows_of(lines)  # type: ignore[attr-defined]

    @property
    def is_trapped(self) -> bool:
        """Tell whether a program has filled in what nobody sees."""
        return bool(self.data.get("website"))


def rows_of(lines: list[NoticeLine]) -> list[tuple[str | int, str]]:
    """Return what an objection may be about: the whole list, or one of its rows."""
    return [
        ("", "整份名单（如漏了谁）"),
        *((line.position, f"{line.position} {line.name}") for line in lines),
    ]


class AnswerForm(forms.Form):
    """Number and code of an objection; sent by POST, so that the code stands in no address."""

    number = forms.CharField(
        label="编号", max_length=11, widget=forms.TextInput(attrs={"placeholder": "Y2014000001"})
    )
    code = forms.CharField(
        label="查询码",
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "7F3K2-0Q9XM"}),
    )
