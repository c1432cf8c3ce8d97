"""Forms of the procedure: a case opened, a step taken with its papers and votes, a round opened, quotas shared out and changed."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from registry.codes import Cause, HouseholdStatus, VillageStatus
from registry.forms.filters import in_division
from registry.models import Case, Round, RoundKind
from registry.rules.procedure import FILED, Evidence, Track, Transition
from registry.services.cases import StepGiven, Votes

_PLAIN: Final = {"data-plain": "1"}
_DATE: Final = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_NUMBER: Final = {"inputmode": "numeric", "class": "control"}

STANDING_FOR_THEMSELVES: Final = frozenset({Evidence.OPINION, Evidence.VOTES})
"""Papers that the opinion and the votes of the form already are."""


class _Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files of one paper."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; what they are is for the service to see."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class _Form(forms.Form):
    def __init__(self, data: QueryDict | None = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, label_suffix="", use_required_attribute=False, **kwargs)


class StepForm(_Form):
    """A step's day, papers, opinion, votes and cause: what this one asks for and nothing else."""

    on = forms.DateField(label="日期", widget=_DATE)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        step: Transition,
        earliest: date,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.step = step
        self.fields["on"].initial = max(earliest, today) if earliest > today else today
        self.fields["on"].help_text = f"{earliest:%Y-%m-%d} 起，不晚于今天"
        for kind in Evidence:
            if kind in step.evidence and kind in FILED:
                self.fields[f"file-{kind.value}"] = FilesField(
                    label=str(kind.label),
                    help_text="拍照或扫描，可选多个：JPG、PNG 图片"
                    + ("" if kind == Evidence.PHOTO else "或 PDF")
                    + "，每个不超过 10 MB",
                    widget=_Files(
                        attrs={
                            "accept": "image/jpeg,image/png"
                            + ("" if kind == Evidence.PHOTO else ",application/pdf")
                        }
                    ),
                )
            elif kind in step.evidence and kind not in STANDING_FOR_THEMSELVES:
                self.fields[f"paper-{kind.value}"] = forms.CharField(
                    label=str(kind.label), max_length=200, help_text="文号、份数或存放处"
                )
        if step.votes:
            for name, label in (
                ("representatives", "应到代表"),
                ("attending", "实到"),
                ("in_favour", "同意"),
            ):
                self.fields[name] = forms.IntegerField(
                    label=label, min_value=0, max_value=9999, widget=forms.TextInput(attrs=_NUMBER)
                )
        if step.name == "report_relapse":
            self.fields["cause"] = forms.ChoiceField(
                label="返贫原因",
                choices=[("", ""), *((code, f"{code} {label}") for code, label in Cause.choices)],
                widget=forms.Select(attrs=_PLAIN),
            )
        asked = step.opinion or Evidence.OPINION in step.evidence
        self.fields["opinion"] = forms.CharField(
            label="理由" if step.opinion else "意见",
            required=asked,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    @property
    def papers(self) -> list[forms.BoundField]:
        """Return the fields of the papers."""
        return [self[name] for name in self.fields if name.startswith(("file-", "paper-"))]

    def clean(self) -> dict[str, Any]:
        """Votes are whole: nobody agrees who did not attend."""
        values = super().clean() or {}
        votes = [values[name] for name in ("in_favour", "attending", "representatives") if name in values]
        if len(votes) == 3 and (votes != sorted(votes) or not votes[-1]):
            raise forms.ValidationError("票数不合：同意不多于实到，实到不多于应到")
        return values

    def given(self) -> StepGiven:
        """Return the step as it was filled in."""
        values = self.cleaned_data
        votes = (
            Votes(values["representatives"], values["attending"], values["in_favour"])
            if self.step.votes
            else None
        )
        papers = {
            name.removeprefix("paper-"): text for name, text in values.items() if name.startswith("paper-")
        }
        return StepGiven(
            self.step.name,
            values["on"],
            target=str(self.step.target),
            opinion=values["opinion"],
            cause=values.get("cause", ""),
            evidence=papers,
            files={
                name.removeprefix("file-"): uploads
                for name, uploads in values.items()
                if name.startswith("file-")
            },
            votes=votes,
        )


class RoundForm(_Form):
    """A round for the whole province."""

    year = forms.IntegerField(
        label="年度", min_value=2014, max_value=2100, widget=forms.TextInput(attrs=_NUMBER)
    )
    kind = forms.ChoiceField(label="种类", choices=RoundKind.choices, widget=forms.Select(attrs=_PLAIN))
    opens_on = forms.DateField(label="开始日期", widget=_DATE)
    closes_on = forms.DateField(label="截止日期", widget=_DATE)
    document = forms.CharField(label="依据文号", max_length=100)
    persons = forms.IntegerField(
        label="全省规模",
        min_value=0,
        required=False,
        help_text="人；不控制规模的年度可不填",
        widget=forms.TextInput(attrs=_NUMBER),
    )

    def clean(self) -> dict[str, Any]:
        """The window is in order."""
        values = super().clean() or {}
        opens, closes = values.get("opens_on"), values.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期不应早于开始日期")
        return values


class QuotaSource(forms.Form):
    """By what quotas are shared out."""

    RATE, POOR, TYPED = "rate", "poor", "typed"
    CHOICES: Final = (
        (RATE, "乡村人口 × 贫困发生率"),
        (POOR, "上年在册贫困人口"),
        (TYPED, "直接填权重"),
    )


class QuotaForm(_Form):
    """The weights of the divisions below: population and rate, last year's poor, or typed."""

    source = forms.ChoiceField(label="权重", choices=QuotaSource.CHOICES, widget=forms.Select(attrs=_PLAIN))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        codes: Iterable[int],
        population: Mapping[int, int],
        poor: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.codes = list(codes)
        self.poor = poor
        for code in self.codes:
            self.fields[f"population-{code}"] = forms.IntegerField(
                label="乡村人口",
                min_value=0,
                required=False,
                initial=population.get(code),
                widget=forms.TextInput(attrs=_NUMBER),
            )
            self.fields[f"rate-{code}"] = _decimal("贫困发生率", 100)
            self.fields[f"weight-{code}"] = _decimal("权重", 10**9)

    def clean(self) -> dict[str, Any]:
        """Ask of every division for what the chosen weight needs."""
        values = super().clean() or {}
        needs = {QuotaSource.RATE: ("population", "rate"), QuotaSource.TYPED: ("weight",)}
        for name in needs.get(values.get("source", ""), ()):
            for code in self.codes:
                if values.get(f"{name}-{code}") is None and f"{name}-{code}" not in self.errors:
                    self.add_error(f"{name}-{code}", "请填写")
        return values

    def weights(self) -> dict[int, Decimal]:
        """Return each division's weight by the chosen source."""
        values, source = self.cleaned_data, self.cleaned_data["source"]
        if source == QuotaSource.POOR:
            return {code: Decimal(self.poor.get(code, 0)) for code in self.codes}
        if source == QuotaSource.TYPED:
            return {code: values[f"weight-{code}"] for code in self.codes}
        return {code: values[f"population-{code}"] * values[f"rate-{code}"] / 100 for code in self.codes}

    @property
    def basis(self) -> str:
        """Return by what was shared out, in words."""
        return dict(QuotaSource.CHOICES)[self.cleaned_data["source"]] + "，最大余数法"

    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField, int, forms.BoundField]]:
        """Return each division's fields, last year's poor among them."""
        return [
            (
                code,
                self[f"population-{code}"],
                self[f"rate-{code}"],
                self.poor.get(code, 0),
                self[f"weight-{code}"],
            )
            for code in self.codes
        ]


class QuotaChangeForm(_Form):
    """New quotas of the divisions below, and why."""

    reason = forms.CharField(
        label="依据和理由", max_length=200, min_length=4, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: QueryDict | None = None, *, now: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.now = now
        for code, persons in now.items():
            self.fields[f"persons-{code}"] = forms.IntegerField(
                label="规模", min_value=0, initial=persons, widget=forms.TextInput(attrs=_NUMBER)
            )

    def changes(self) -> dict[int, int]:
        """Return what is to be otherwise."""
        wanted = {code: self.cleaned_data[f"persons-{code}"] for code in self.now}
        return {code: persons for code, persons in wanted.items() if persons != self.now[code]}

    def rows(self) -> list[tuple[int, forms.BoundField]]:
        """Return each division's field."""
        return [(code, self[f"persons-{code}"]) for code in self.now]


def _decimal(label: str, most: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=most,
        max_digits=15,
        decimal_places=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "control"}),
    )


STATES: Final[Mapping[str, str]] = {"mine": "等我办", "open": "办理中", "ended": "已结", "all": "全部"}
"""The tabs of the list of cases."""


class CaseFilter(filters.FilterSet):
    """Cases by place, kind, status and round."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="户编号或档案号", method="by_number")
    track = filters.MultipleChoiceFilter(label="事项", choices=Track.choices)
    status = filters.MultipleChoiceFilter(
        label="现状", choices=(*HouseholdStatus.choices, *VillageStatus.choices)
    )
    round = filters.ModelChoiceFilter(
        label="轮次", queryset=Round.objects.order_by("-year", "kind"), widget=forms.Select(attrs=_PLAIN)
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Case]", _name: str, value: str) -> "QuerySet[Case]":
        """Keep a division's cases."""
        return in_division(rows, value.strip())

    def by_number(self, rows: "QuerySet[Case]", _name: str, value: str) -> "QuerySet[Case]":
        """Keep the cases whose household's number, or whose own, begins so."""
        word = value.strip()
        if "-" in word:
            return rows.filter(number__startswith=word)
        return rows.filter(household__household_no__startswith=word)
