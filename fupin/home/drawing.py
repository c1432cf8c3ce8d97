"""Cells of a form drawn without a template each: a card has some two hundred, and an inclusion costs more than what it includes."""

from collections.abc import Container, Sequence

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

EMPTY = SafeString("")


def is_group(bound: BoundField) -> bool:
    """Tell whether a field is several boxes to tick under one name."""
    return isinstance(bound.field.widget, (CheckboxSelectMultiple, RadioSelect))


def is_choice(bound: BoundField) -> bool:
    """Tell whether a field is ticked."""
    return is_group(bound) or isinstance(bound.field.widget, CheckboxInput)


def is_coded(bound: BoundField) -> bool:
    """Tell whether a field is a list of codes that is chosen by typing the digit printed on the form."""
    widget = bound.field.widget
    return isinstance(widget, Select) and not is_group(bound) and not widget.attrs.get("data-plain")


def is_numeric(bound: BoundField) -> bool:
    """Tell whether a field takes a number."""
    return bound.field.widget.attrs.get("inputmode") in {"decimal", "numeric"}


def id_of(bound: BoundField) -> str:
    """Return the id of the control, or of the group where each box has its own."""
    return bound.id_for_label or bound.auto_id


def name_of(bound: BoundField, *, label: str = "") -> SafeString:
    """Return what stands before an entry; a group of boxes is named by it without being its label."""
    star = " star" if bound.field.required else ""
    if is_group(bound):
        return format_html(
            '<span class="name{}" id="{}_name">{}</span>', star, id_of(bound), label or bound.label
        )
    return format_html('<label class="name{}" for="{}">{}</label>', star, id_of(bound), label or bound.label)


def control_of(bound: BoundField, *, unit: str = "") -> SafeString:
    """Return the control with its unit; choices by digit become a code-field."""
    drawn = SafeString(bound)
    if is_group(bound):
        drawn = format_html(
            '<span class="choice" role="group" aria-labelledby="{}_name">{}</span>', id_of(bound), drawn
        )
    elif is_choice(bound):
        drawn = format_html('<span class="choice">{}</span>', drawn)
    elif is_coded(bound):
        drawn = format_html("<code-field>{}</code-field>", drawn)
    return drawn + format_html('<span class="unit">{}</span>', unit) if unit else drawn


def cell_of(
    bound: BoundField,
    *,
    width: int = 1,
    unit: str = "",
    last_year: str = "",
    doubts: Sequence[str] = (),
    shown: str = "",
) -> SafeString:
    """Return a cell of the paper-like form; see the tag of the same name."""
    wrong = bound.errors
    classes = ("cell", f"w{width}" if width > 1 else "", "err" if wrong else "doubt" if doubts else "")
    drawn = format_html(
        '<div class="{}">{}<div class="entry{}">{}</div>{}{}</div>',
        " ".join(filter(None, classes)),
        name_of(bound),
        " number" if is_numeric(bound) else "",
        format_html('<span class="value">{}</span>', shown) if shown else control_of(bound, unit=unit),
        format_html('<span class="hint">{}</span>', last_year) if last_year else EMPTY,
        format_html('<span class="hint" id="{}_helptext">{}</span>', id_of(bound), bound.help_text)
        if bound.help_text
        else EMPTY,
    )
    return (
        drawn
        + _notes(bound, list(map(str, wrong)), "error", "note bad")
        + _notes(bound, doubts, "doubt", "note")
    )


def table_entry(bound: BoundField, *, doubted: Container[str] = ()) -> SafeString:
    """Return a cell of a table whose head names the field; ``doubted`` are the names of fields with a warning."""
    kind = " err" if bound.errors else " doubt" if bound.name in doubted else ""
    return format_html(
        '<td><div class="entry{}"><label class="vh" for="{}">{}</label>{}</div></td>',
        kind,
        bound.id_for_label,
        bound.label,
        control_of(bound),
    )


def _notes(bound: BoundField, texts: Sequence[str], name: str, classes: str) -> SafeString:
    if not texts:
        return EMPTY
    lines = format_html_join("", "<div><b>{}</b>：{}</div>", ((bound.label, text) for text in texts))
    return format_html('<div class="cell-note {}" id="{}_{}">{}</div>', classes, id_of(bound), name, lines)
