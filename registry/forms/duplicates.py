"""What the queue of likely duplicates can be asked, and how a pair is decided."""

from typing import Any, Final

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from fupin.accounts.models import User
from registry.codes.duplicates import DuplicateDecision, DuplicateSign
from registry.forms.filters import in_division
from registry.models import DuplicateTicket

STATES: Final = (("open", "待核查"), ("decided", "已有结论"), ("gone", "不再查到"))


class DuplicateFilter(filters.FilterSet):
    """Pairs by place, state, sign and decision; without a state those that wait."""

    division = filters.CharFilter(label="区划", method="by_division")
    sign = filters.ChoiceFilter(label="迹象", choices=DuplicateSign.choices, method="by_sign")
    decision = filters.ChoiceFilter(label="结论", choices=DuplicateDecision.choices)
    state = filters.ChoiceFilter(
        label="状态", choices=STATES, method="by_state", widget=forms.HiddenInput, initial="open"
    )

    class Meta:
        model = DuplicateTicket
        fields: list[str] = []

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep the pairs that lie wholly in a division."""
        return in_division(rows, value.strip())

    def by_sign(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep pairs with the sign, among others perhaps."""
        return rows.filter(signs__contains=[value])

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        """Keep what waits, what is decided, or what shows no sign any more."""
        if value == "open":
            return rows.open()
        return (
            rows.exclude(decision="")
            if value == "decided"
            else rows.filter(gone_at__isnull=False, decision="")
        )


def tickets_of(user: User, query: Any) -> DuplicateFilter:
    """Return the filter over the pairs that the user may see; list and export share it. Without a state, those that wait."""
    given = query.copy()
    given.setdefault("state", "open")
    return DuplicateFilter(given, DuplicateTicket.objects.visible_to(user))


class _WhyForm(forms.Form):
    """Why, for the record of the pair."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        min_length=4,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明凭什么认定，如：2014-07-02 入户核对户口簿，两人同名",
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)


class DecisionForm(_WhyForm):
    """What the pair is; one household on two cards is decided by merging them on a page of its own."""

    decision = forms.ChoiceField(
        label="结论",
        choices=[(d.value, d.label) for d in DuplicateDecision if d != DuplicateDecision.SAME],
        widget=forms.RadioSelect,
    )
    field_order = ["decision", "reason"]

    def __init__(self, data: QueryDict | None = None, *, split: bool, people: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fits = {
            DuplicateDecision.TWO.value: True,
            DuplicateDecision.ONE_CARD.value: people,
            DuplicateDecision.JUSTIFIED.value: split,
        }
        choice: Any = self.fields["decision"]
        choice.choices = [(value, label) for value, label in choice.choices if fits[value]]


class ReopenForm(_WhyForm):
    """Why a decision is taken back."""


class FindForm(forms.Form):
    """Which county's cards are looked through."""

    county = forms.TypedChoiceField(label="县（市、区）", coerce=int)

    def __init__(self, data: QueryDict | None = None, *, counties: list[tuple[int, str]]) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        choice: Any = self.fields["county"]
        choice.choices = counties
