"""A form field for each row of the data standard: what may be typed, and how it is read."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from registry.forms.widgets import Box, CodeSelect, CodeSelectMultiple
from registry.standard.fields import Field
from registry.standard.lists import CODE_LISTS
from registry.standard.values import Unreadable, parse, present

YES_NO = (("", ""), ("1", "是"), ("0", "否"))
_NUMERIC = frozenset({"int", "year"})
_DECIMAL = frozenset({"money", "wan", "mu", "km", "m2", "degree"})


@cache
def choices_of(standard: Field) -> Sequence[tuple[str, str]]:
    """Return the choices of a coded field as the paper prints them (`01 因病`), an empty one first."""
    if standard.kind == "bool":
        return YES_NO
    codes = CODE_LISTS[standard.codes or ""]
    return [("", ""), *((str(code), f"{code} {label}") for code, label in codes.choices)]


@cache
def _widget(standard: Field) -> forms.Widget:
    """Return the control: a code box for codes and 是/否, a plain box for the rest. Fields copy it."""
    if standard.kind in {"enum", "bool"}:
        return CodeSelect(choices=choices_of(standard))
    if standard.kind == "enums":
        return CodeSelectMultiple(choices=choices_of(standard)[1:])
    attrs: dict[str, str] = {"autocomplete": "off"}
    if standard.kind in _NUMERIC:
        attrs["inputmode"] = "numeric"
    elif standard.kind in _DECIMAL:
        attrs["inputmode"] = "decimal"
    elif standard.kind == "date":
        attrs["placeholder"] = "2014-04-29"
    if standard.digits:
        attrs["maxlength"] = str(standard.digits)
    return Box(attrs=attrs)


class StandardField(forms.Field):
    """One row of the data standard as a form field.

    Whether a value is missing is a rule's business (R-19, R-20), so that the findings of card, API and workbook
    are the same; the star only shows it.
    """

    def __init__(self, standard: Field) -> None:
        needed = standard.need == "Y" and not standard.attached and not standard.defaulted
        super().__init__(label=standard.label, required=needed, widget=_widget(standard))
        self.standard = standard

    def validate(self, value: Any) -> None:
        """Leave what is missing to the rules."""

    def to_python(self, value: Any) -> Any:
        """Return the typed value, None for an empty box; raise ValidationError with the mend."""
        try:
            return parse(self.standard, value)
        except Unreadable as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Return the text that the box shows for a typed value; text that was posted is shown as it was."""
        if isinstance(value, str):
            return value
        if self.standard.kind == "enums":
            return list(value or ())
        if self.standard.kind == "bool":
            return "" if value is None else "1" if value else "0"
        return present(self.standard, value)


class StandardForm(forms.Form):
    """A section of a form: the named rows of one table of the standard, in the order of the paper."""

    table: Iterable[Field] = ()
    left_out: frozenset[str] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self._read: dict[str, Any] = {}
        for standard in self.table:
            if standard.need != "D" and standard.kind != "file" and standard.name not in self.left_out:
                self.fields[standard.name] = StandardField(standard)

    def full_clean(self) -> None:
        """Read what was typed, and keep it as read: a finding put at a field afterwards takes nothing away."""
        super().full_clean()
        self._read = dict(getattr(self, "cleaned_data", {}))

    def values(self) -> dict[str, Any]:
        """Return what was read; boxes that could not be read are None, and an error on the form."""
        self.errors  # noqa: B018  (reads once: reading again would wipe the findings off the fields)
        return {name: self._read.get(name) for name in self.fields}
