"""JSON that the database can hold: what cannot be stored is the caller's error, never a fault of ours."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 12


class PlainJSON(JSONParser):
    """Refuse NUL, halves of surrogate pairs and endless nesting with 400."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what was sent; raise ParseError."""
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("嵌套过深") from None
        _look_at(data, DEEPEST)
        return data


def _look_at(value: Any, depth: int) -> None:
    if depth < 0:
        raise ParseError("嵌套过深")
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise ParseError("文字中有无法保存的字符")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _look_at(key, depth)
            _look_at(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _look_at(inner, depth - 1)
