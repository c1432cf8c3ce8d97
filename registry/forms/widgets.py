"""Controls that are drawn without a template each.

A card has some two hundred boxes, and 民族 alone fifty-eight options for every member: drawn by Django's widget templates, one option a
template, they took most of the time of the page. The HTML is the same.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from functools import lru_cache
from html import escape
from typing import Any, Self

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Choices = tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def _options(choices: Choices, chosen: frozenset[str]) -> SafeString:
    """The options of a list with some of them selected; cards choose the same few over and over."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, mark_safe(" selected") if code in chosen else "", label) for code, label in choices),
    )


def _attributes(attrs: dict[str, Any]) -> SafeString:
    """The attributes of a control as HTML; True stands alone, False and None are left out."""
    parts: list[str] = []
    for name, value in attrs.items():
        if value is True:
            parts.append(name)
        elif value is not False and value is not None:
            parts.append(f'{name}="{escape(str(value))}"')
    return mark_safe(" ".join(parts))  # noqa: S308  (names are the code's, every value is escaped)


class _Codes:
    """Choices of the standard never change: a copy of the control shares them instead of reading them through anew."""

    attrs: dict[str, Any]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = copy(self)
        copied.attrs = self.attrs.copy()
        memo[id(self)] = copied
        return copied


class CodeSelect(_Codes, forms.Select):
    """A list of codes."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the select with its options."""
        return _select(self, name, [value], attrs)


class CodeSelectMultiple(_Codes, forms.SelectMultiple):
    """A list of codes of which several may hold."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the select with its options."""
        return _select(self, name, value or (), {**(attrs or {}), "multiple": True})


class Box(forms.TextInput):
    """A box to type into."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the input."""
        shown = self.format_value(value)
        all_attrs = {"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)}
        if shown is not None:
            all_attrs["value"] = shown
        return format_html("<input {}>", _attributes(all_attrs))


def _select(
    widget: forms.Select, name: str, values: Iterable[Any], attrs: dict[str, Any] | None
) -> SafeString:
    choices: Sequence[tuple[Any, Any]] = list(widget.choices)
    chosen = frozenset("" if value is None else str(value) for value in values)
    options = _options(tuple((str(code), str(label)) for code, label in choices), chosen)
    all_attrs = {"name": name, **widget.build_attrs(widget.attrs, attrs)}
    return format_html("<select {}>{}</select>", _attributes(all_attrs), options)
