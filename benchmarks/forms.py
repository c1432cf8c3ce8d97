"""Reads a form out of a page, as a browser would send it."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The named values of the form with the given action, in their order."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._action = action
        self._inside = False
        self._select = self._area = ""
        self._template = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template":
            self._template += 1
        if tag == "form":
            self._inside = given.get("action") == self._action and given.get("method", "").lower() == "post"
        if not self._inside or self._template:
            return
        name = given.get("name", "")
        if tag == "input" and name and "disabled" not in given:
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            if kind not in {"submit", "button", "file", "image", "reset"}:
                self._add(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name if "disabled" not in given else ""
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value", ""))
        elif tag == "textarea" and name:
            self._area = name
            self._add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._template -= 1
        elif tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._inside and not self._template:
            self.values[self._area][-1] += data.removeprefix("\n")

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def read_form(page: str, action: str) -> dict[str, list[str]]:
    """Return the values that the form with this action would send."""
    reader = FormReader(action)
    reader.feed(page)
    if not reader.values:
        raise SystemExit(f"no form with the action {action}")
    return reader.values
