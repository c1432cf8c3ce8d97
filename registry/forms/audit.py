"""What a saved question leaves to whoever asks, how a sample is drawn, and what is found at a sampled household."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from fupin.divisions.widgets import DivisionInput
from fupin.history.looking import FIRST_DAY
from registry.codes.sampling import SampleItem, Stratum
from registry.reports.audit.changes import Whole
from registry.reports.audit.questions import Question
from registry.rules.sampling import MOST


class QuestionForm(forms.Form):
    """The parameters of a question, and the division that its rows are cut to; what is not given is as it stands."""

    division = forms.CharField(label="区划", required=False)

    def __init__(self, data: Mapping[str, Any], *, question: Question) -> None:
        given = QueryDict(mutable=True)
        given.update({param.name: str(param.default) for param in question.params})
        for name in ("division", *(param.name for param in question.params)):
            if data.get(name):
                given[name] = data[name]
        super().__init__(given, label_suffix="", use_required_attribute=False)
        self.question = question
        for param in question.params:
            self.fields[param.name] = forms.IntegerField(
                label=f"{param.label}（{param.unit}）" if param.unit else param.label,
                min_value=param.low,
                max_value=param.high,
            )

    def values(self) -> dict[str, int]:
        """Return the parameters, as they stand where what was given cannot be."""
        if not self.is_valid():
            return self.question.defaults()
        return {param.name: self.cleaned_data[param.name] for param in self.question.params}


class BetweenForm(forms.Form):
    """The two days between which a list is compared; what is not given is the last thirty days of those on the register."""

    since = forms.DateField(
        label="自（日终）", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="至（日终）", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    whole = forms.ChoiceField(label="比较", choices=Whole.choices)
    division = forms.CharField(label="区划", required=False)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        given = QueryDict(mutable=True)
        given.update({"since": f"{today - timedelta(days=30)}", "until": f"{today}", "whole": Whole.REGISTER})
        for name in ("since", "until", "whole", "division"):
            if data.get(name):
                given[name] = data[name]
        super().__init__(given, label_suffix="", use_required_attribute=False)
        self.today = today

    def clean_since(self) -> date:
        """Return the first day; there is no history before 2013."""
        since: date = self.cleaned_data["since"]
        if since < FIRST_DAY:
            raise forms.ValidationError(f"不能早于 {FIRST_DAY}")
        return since

    def clean_until(self) -> date:
        """Return the second day, which has begun."""
        until: date = self.cleaned_data["until"]
        if until > self.today:
            raise forms.ValidationError("不能晚于今天")
        return until

    def clean(self) -> dict[str, Any]:
        """Refuse two days of which the second is not the later one."""
        values = super().clean() or {}
        if "since" in values and "until" in values and values["until"] <= values["since"]:
            self.add_error("until", "应晚于前一日期")
        return values


class SampleForm(forms.Form):
    """What is drawn, from where, by which seed."""

    division = forms.CharField(
        label="范围", max_length=12, help_text="县、市或乡镇；留空为本岗位的区划", required=False
    )
    year = forms.TypedChoiceField(label="年度", coerce=int)
    stratum = forms.ChoiceField(label="分层", choices=Stratum.choices)
    size = forms.IntegerField(label="样本户数", min_value=1, max_value=MOST)
    seed = forms.CharField(
        label="种子", max_length=40, help_text="任意文字或数字，如会议上公开抽取的号码；同一种子抽出同样的户"
    )
    purpose = forms.CharField(label="用途", max_length=200, min_length=4)

    def __init__(self, data: QueryDict | None = None, *, years: Sequence[int]) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        choice: Any = self.fields["year"]
        choice.choices = [(year, f"{year} 年度") for year in years]
        self.fields["division"].widget = DivisionInput()

    def clean_division(self) -> int | None:
        """Return the division's code, None for one's own."""
        text = self.cleaned_data["division"].strip()
        if not text:
            return None
        if len(text) != 12 or not text.isascii() or not text.isdigit():
            raise forms.ValidationError("请从列表中选择区划")
        return int(text)


AGREES = (("", "—"), ("1", "一致"), ("0", "不一致"))


class FindingForm(forms.Form):
    """A row an item: whether it agrees, else what it is; one day for all of them."""

    on = forms.DateField(label="入户日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, initial={"on": today})
        for item in SampleItem:
            self.fields[f"agrees-{item}"] = forms.ChoiceField(
                label=f"{item.label}是否一致", choices=AGREES, required=False
            )
            self.fields[f"found-{item}"] = forms.CharField(
                label=f"{item.label}入户所见", max_length=100, required=False
            )
            self.fields[f"note-{item}"] = forms.CharField(
                label=f"{item.label}说明", max_length=500, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for what was found where it does not agree."""
        values = super().clean() or {}
        for item in SampleItem:
            if values.get(f"agrees-{item}") == "0" and not values.get(f"found-{item}", "").strip():
                self.add_error(f"found-{item}", f"{item.label}不一致，请填入户所见")
        return values

    def lines(self) -> list[tuple[SampleItem, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Return the boxes of each item."""
        return [
            (item, self[f"agrees-{item}"], self[f"found-{item}"], self[f"note-{item}"]) for item in SampleItem
        ]
