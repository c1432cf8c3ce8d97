"""What a re-identification is asked for with, and what its lists can be asked."""

from typing import Any, Final

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE, contains
from fupin.divisions.models import Division
from fupin.divisions.widgets import DivisionInput
from registry.forms.filters import in_division
from registry.models import ReidentificationFinding, Round, RoundKind
from registry.reports.reidentification import REASON_WORDS
from registry.rules.reidentify import Reason

_PLAIN: Final = {"data-plain": "1"}


class RunForm(forms.Form):
    """The division and the year; the province may say that it is the statutory run of a three-year round."""

    division = forms.CharField(label="区划", widget=DivisionInput())
    year = forms.TypedChoiceField(label="年度", coerce=int, widget=forms.Select(attrs=_PLAIN))
    in_round = forms.ModelChoiceField(
        label="性质",
        queryset=Round.objects.none(),
        required=False,
        empty_label="试算：只列清单，随时可做",
        widget=forms.Select(attrs=_PLAIN),
        help_text="三年动态调整对全省进行，一轮一次",
    )

    def __init__(
        self, data: QueryDict | None = None, *, actor: User, years: list[int], **kwargs: Any
    ) -> None:
        own = actor.post.division_id if actor.post else 0
        initial = {"division": str(own), "year": max(years)} | kwargs.pop("initial", {})
        super().__init__(data, label_suffix="", use_required_attribute=False, initial=initial, **kwargs)
        self._own = own
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (one, f"{one} 年（{one - 1} 年收入）") for one in sorted(years, reverse=True)
        ]
        statutory = Round.objects.filter(kind=RoundKind.THREE_YEAR, reidentification__isnull=True)
        self.fields["in_round"].queryset = statutory.order_by("-year")  # type: ignore[attr-defined]
        if own != PROVINCE_CODE or not statutory.exists():
            del self.fields["in_round"]

    def clean_division(self) -> Division:
        """Return the division within one's own."""
        text = self.cleaned_data["division"].strip()
        found = Division.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
        if found is None or not self._own or not contains(self._own, found.pk):
            raise forms.ValidationError("请选择您岗位所属区划之内的区划")
        return found

    def clean(self) -> dict[str, Any]:
        """The statutory run is that of its round's year."""
        values = super().clean() or {}
        in_round = values.get("in_round")
        if in_round is not None and values.get("year") not in {None, in_round.year}:
            self.add_error("year", f"该轮次的年度为 {in_round.year}")
        return values


class FindingFilter(filters.FilterSet):
    """Findings of one list by place, number, reason, and whether a case was opened for them."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="户编号", field_name="household__household_no", lookup_expr="startswith")
    reason = filters.ChoiceFilter(
        label="理由", choices=[(reason.value, words) for reason, words in REASON_WORDS], method="by_reason"
    )
    opened = filters.ChoiceFilter(
        label="立档", choices=(("0", "未立档"), ("1", "已立档")), method="by_opened"
    )

    class Meta:
        model = ReidentificationFinding
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep a division's findings."""
        return in_division(rows, value.strip())

    def by_reason(self, rows: Any, _name: str, value: str) -> "QuerySet[Any]":
        """Keep those with a reason among theirs."""
        found: QuerySet[Any] = rows.with_reason(Reason(int(value)))
        return found

    def by_opened(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep those for which a case was opened, or not yet."""
        return rows.filter(case__isnull=value != "1")
