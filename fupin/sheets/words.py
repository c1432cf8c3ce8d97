"""A list's filters in words, as they stand in the file and in the log."""

from typing import Any

from django.forms import BaseForm

from fupin.divisions.models import Division

_LEFT_OUT = frozenset({"page", "size", "year"})


def in_words(form: BaseForm) -> list[tuple[str, str]]:
    """Return label and value of each filter that holds, with names in place of codes."""
    said = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if bound.name not in _LEFT_OUT and value not in (None, "", [], ()):
            said.append((str(bound.label), _said(bound.name, bound.field, form.data, bound.html_name)))
    return said


def _said(name: str, field: Any, data: Any, html_name: str) -> str:
    values = [value for value in data.getlist(html_name) if value]
    if name == "division":
        return f"{Division.objects.name_of(values[0])} {values[0]}".strip()
    labels = {str(key): str(text) for key, text in getattr(field, "choices", ())}
    return "、".join(labels.get(value, value) for value in values)
