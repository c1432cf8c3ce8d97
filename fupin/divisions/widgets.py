"""The box in which a division is typed by pinyin initials, name or code."""

from typing import Any

from django import forms

from fupin.divisions.codes import Level
from fupin.divisions.models import Division


class DivisionInput(forms.TextInput):
    """A 12-digit code beneath, the full name on top; static/js/division_field.js asks ``/divisions/search/``.

    ``level`` keeps what is offered to one level; ``remember`` names a drawer in the browser session, from
    which the next empty form takes the last choice.
    """

    template_name = "components/division_input.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, level: Level | None = None, remember: str = ""
    ) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.level = level
        self.remember = remember

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the full name of the division that the box holds."""
        context = super().get_context(name, value, attrs)
        code = context["widget"]["value"] or ""
        division = (
            Division.objects.filter(code=int(code)).first() if code.isdecimal() and len(code) == 12 else None
        )
        context["widget"] |= {
            "label": division.path_name if division else code,
            "level": self.level.value if self.level else "",
            "remember": self.remember,
        }
        return context
