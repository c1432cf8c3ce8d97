"""Boxes of the forms of help: a field each, read like the card's own; people and places chosen from what may serve there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from registry.forms.fields import StandardField
from registry.models import AssistPerson, Household
from registry.standard.fields import Field, Kind


class Box(StandardField):
    """A box for a text, a number, an amount or a day; unlike a card's it must be filled in unless it may be empty."""

    def __init__(
        self,
        label: str,
        kind: Kind = "str",
        *,
        empty: bool = False,
        digits: int | None = None,
        help_text: str = "",
    ) -> None:
        super().__init__(Field("on", label, kind, "N" if empty else "Y", digits=digits, may_come=True))
        self.required = not empty
        self.help_text = help_text

    def validate(self, value: Any) -> None:
        """Ask for a value where one is needed."""
        if self.required and value in self.empty_values:
            raise ValidationError("请填写", code="required")

    def clean(self, value: Any) -> Any:
        """Return the typed value; an empty text is an empty text."""
        found = super().clean(value)
        return "" if found is None and self.standard.kind == "str" else found


class Choice(forms.ChoiceField):
    """One of a code list, typed by its code or chosen."""

    def __init__(
        self, label: str, choices: Iterable[tuple[Any, Any]], *, empty: bool = False, **kwargs: Any
    ) -> None:
        listed = [("", ""), *((value, words) for value, words in choices)]
        widget = forms.Select(attrs={"data-plain": "1"})
        super().__init__(label=label, choices=listed, required=not empty, widget=widget, **kwargs)


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the people who may serve a place."""

    def __init__(self, label: str, *, empty: bool = False, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            queryset=AssistPerson.objects.none(),
            required=not empty,
            empty_label="",
            widget=forms.Select(attrs={"data-plain": "1"}),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        """Return the person's name with his organ and post there."""
        return f"{obj.name}（{obj.organ.name} {obj.position}）"


class HelpForm(forms.Form):
    """A form of help: whom and what one may choose depends on the place."""

    def __init__(self, data: QueryDict | None = None, *, place: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(data, **kwargs)
        self.place = place
        for field in self.fields.values():
            if isinstance(field, PersonChoice) and place is not None:
                field.queryset = people_for(place)


def household_of(place: int | None, digits: str) -> Household | None:
    """Return the household of a village by its four digits there or its whole number; None where the village has none such."""
    whole = digits if len(digits) == 16 else f"{place}{digits.zfill(4)}"
    if place is None:
        return None
    return Household.objects.filter(household_no=whole, division_id=place).first()


def people_for(place: int) -> "QuerySet[AssistPerson]":
    """Return the people who may serve a place, by name."""
    people: QuerySet[AssistPerson] = AssistPerson.objects.reaching(place)
    return people.select_related("organ").order_by("name", "pk")
