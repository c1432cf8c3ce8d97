"""What is asked of a list, of a hit, of a slip."""

from datetime import date
from typing import Any, Final

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.sheets.opening import MOST_BYTES
from registry.codes.outside import Answer, HitState, ListKind
from registry.forms.filters import YES_NO, in_division
from registry.models import MatchHit, OutsideList, TransferLine
from registry.rules.matching import MEANINGS
from registry.services.transfers import Reply

_DATE: Final = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_PLAIN: Final = {"data-plain": "1"}


class _Form(forms.Form):
    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(data, *args, **kwargs)


class ListForm(_Form):
    """A list as it is handed in."""

    kind = forms.ChoiceField(label="名册种类", widget=forms.Select(attrs=_PLAIN))
    source = forms.CharField(label="提供单位", max_length=60, help_text="如 临县民政局")
    document = forms.CharField(label="来函文号", max_length=100, help_text="没有文号的写交接单编号")
    as_of = forms.DateField(label="名册截止日期", widget=_DATE)
    division = forms.CharField(label="名册范围", required=False)
    file = forms.FileField(
        label="文件",
        help_text=f".xlsx、.xls 或 .csv（UTF-8、GB18030），不超过 {MOST_BYTES // 1024 // 1024} MB；第一行是表头，列的先后不限",
    )

    def __init__(self, *args: Any, post: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._post, self._today = post, today
        kinds = [(one.value, one.label) for one in ListKind if post.role in MEANINGS[one].suppliers]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["division"].help_text = f"不填为{post.division.name}"

    def clean_as_of(self) -> date:
        """A list speaks of the past."""
        day: date = self.cleaned_data["as_of"]
        if day > self._today:
            raise forms.ValidationError("截止日期不能晚于今天")
        return day

    def clean_division(self) -> Division:
        """A place within one's own."""
        text = self.cleaned_data["division"].strip()
        if not text:
            division: Division = self._post.division
            return division
        found = Division.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
        if found is None or not contains(self._post.division_id, found.pk):
            raise forms.ValidationError("名册范围不在您的岗位所属区划之内")
        return found

    def clean_file(self) -> Any:
        """No larger than is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件")
        return file


class ReasonForm(_Form):
    """Why a list is withdrawn or a decision taken back."""

    reason = forms.CharField(label="理由", max_length=200)


class DecisionForm(_Form):
    """What is found out about hits, for one reason."""

    state = forms.ChoiceField(label="结论", widget=forms.Select(attrs=_PLAIN))
    reason = forms.CharField(label="理由", max_length=300)
    evidence = forms.CharField(
        label="证据", max_length=200, required=False, help_text="材料名称和存放处；属实的可不填"
    )

    def __init__(self, *args: Any, choices: Any = HitState.choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What closes a hit is proven."""
        values = super().clean() or {}
        if values.get("state") in {HitState.WAIVED, HitState.NOT_SAME} and not values.get("evidence"):
            self.add_error("evidence", "请写明材料名称和存放处")
        return values


class HitFilter(filters.FilterSet):
    """Hits by place, list, kind and what became of them."""

    division = filters.CharFilter(label="区划", method="by_division")
    kind = filters.MultipleChoiceFilter(label="名册种类", choices=ListKind.choices, distinct=False)
    state = filters.MultipleChoiceFilter(label="状态", choices=HitState.choices, distinct=False)
    list = filters.ModelChoiceFilter(
        label="名册", queryset=OutsideList.objects.none(), widget=forms.HiddenInput
    )
    name = filters.ChoiceFilter(label="姓名一致", choices=YES_NO, method="by_name")
    case = filters.ChoiceFilter(label="识别档案", choices=(("1", "正在识别"),), method="by_case")
    q = filters.CharFilter(label="成员姓名或户编号", method="by_words")

    class Meta:
        model = MatchHit
        fields: "list[str]" = []

    def __init__(self, *args: Any, lists: "QuerySet[OutsideList]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.filters["list"]
        chosen.queryset = lists

    def by_division(self, rows: "QuerySet[MatchHit]", _name: str, value: str) -> "QuerySet[MatchHit]":
        """Keep a division's hits."""
        return in_division(rows, value.strip())

    def by_name(self, rows: "QuerySet[MatchHit]", _name: str, value: str) -> "QuerySet[MatchHit]":
        """Keep hits whose names agree, or don't."""
        return rows.filter(same_name=value == "1")

    def by_case(self, rows: "QuerySet[MatchHit]", _name: str, _value: str) -> "QuerySet[MatchHit]":
        """Keep hits of households that are being identified."""
        return rows.filter(Q(("case_number__isnull", False)))

    def by_words(self, rows: "QuerySet[MatchHit]", _name: str, value: str) -> "QuerySet[MatchHit]":
        """Keep hits of a member by name or a household by number."""
        word = value.strip()
        if word.isascii() and word.isdigit():
            return rows.filter(household__household_no__prefix=word)
        return rows.filter(member__name__prefix=word)


class SendForm(_Form):
    """The day on which civil affairs received a slip."""

    sent_on = forms.DateField(label="送达日期", widget=_DATE)


class AnswerForm(_Form):
    """Civil affairs' answers, a row of boxes a household; rows without a result are left for later."""

    def __init__(self, *args: Any, lines: "list[TransferLine]", today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = lines
        for line in lines:
            self.fields[f"result-{line.pk}"] = forms.ChoiceField(
                label="结果",
                required=False,
                choices=[("", "未办"), *Answer.choices],
                widget=forms.Select(
                    attrs={**_PLAIN, "class": "control auto", "aria-label": f"{line.head_name} 结果"}
                ),
            )
            self.fields[f"on-{line.pk}"] = forms.DateField(
                label="办理日期",
                required=False,
                initial=today,
                widget=forms.DateInput(
                    attrs={
                        "type": "date",
                        "class": "control auto",
                        "aria-label": f"{line.head_name} 办理日期",
                    },
                    format="%Y-%m-%d",
                ),
            )
            self.fields[f"note-{line.pk}"] = forms.CharField(
                label="说明",
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"class": "control", "aria-label": f"{line.head_name} 说明"}),
            )

    def rows(self) -> "list[tuple[TransferLine, list[forms.BoundField]]]":
        """Return each household with its boxes."""
        return [
            (line, [self[f"{name}-{line.pk}"] for name in ("result", "on", "note")]) for line in self._lines
        ]

    def clean(self) -> dict[str, Any]:
        """A result has its day, and a refusal its reason."""
        values = super().clean() or {}
        for line in self._lines:
            result = values.get(f"result-{line.pk}")
            if result and not values.get(f"on-{line.pk}"):
                self.add_error(f"on-{line.pk}", f"{line.head_name} 户：请填办理日期")
            if result == Answer.DECLINED and not values.get(f"note-{line.pk}"):
                self.add_error(f"note-{line.pk}", f"{line.head_name} 户：不符合条件的写明原因")
        return values

    def replies(self) -> dict[int, Reply]:
        """Return the answers that were given, by line."""
        values = self.cleaned_data
        return {
            line.pk: Reply(
                Answer(values[f"result-{line.pk}"]), values[f"on-{line.pk}"], values[f"note-{line.pk}"]
            )
            for line in self._lines
            if values[f"result-{line.pk}"]
        }
