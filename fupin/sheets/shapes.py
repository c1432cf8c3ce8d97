"""How a value is shown in a cell: once as Python, for a row in hand, and once as SQL, for a million rows that never become objects.

Both say the same of every value; the tests compare them. `in_sql` gives text, or a number or date that COPY writes as text; NULL is an
empty cell.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from django.db.models import BooleanField, DecimalField, F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields import Field
from django.db.models.functions import NullIf

Cell = str | int | Decimal | date
"""What stands in a cell; an empty one is empty text."""

Kind = Literal["text", "number", "day"]


class Shape(ABC):
    """Turns a value that is there into a cell."""

    kind: ClassVar[Kind] = "text"

    @abstractmethod
    def __call__(self, value: Any) -> Cell:
        """Return the cell of a value that is neither None nor empty text."""

    @abstractmethod
    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        """Return the expression of the same over a column that a path leads to."""

    def is_free(self, column: "Field[Any, Any]") -> bool:
        """Tell whether the cell may hold what somebody typed, so that it could begin like a formula."""
        return False


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Text as it is."""

    def __call__(self, value: Any) -> Cell:
        return str(value)

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        return _filled(F(path)) if is_text(column) else F(path)

    def is_free(self, column: "Field[Any, Any]") -> bool:
        return is_text(column)


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A number with so many digits after the point; None leaves a whole number as it is."""

    kind: ClassVar[Kind] = "number"
    places: int | None = None

    def __call__(self, value: Any) -> Cell:
        return value if self.places is None else round(Decimal(value), self.places)

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        if self.places is None or (isinstance(column, DecimalField) and column.decimal_places == self.places):
            return F(path)
        return Func(F(path), self.places, function="round", output_field=DecimalField())


@dataclass(frozen=True, slots=True)
class Day(Shape):
    """A date."""

    kind: ClassVar[Kind] = "day"

    def __call__(self, value: Any) -> Cell:
        return value  # type: ignore[no-any-return]

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        return F(path)


@dataclass(frozen=True, slots=True)
class YesNo(Shape):
    """是 or 否."""

    def __call__(self, value: Any) -> Cell:
        return "是" if value else "否"

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        return Func(
            F(path),
            template="CASE %(expressions)s WHEN true THEN '是' WHEN false THEN '否' END",
            output_field=TextField(),
        )


@dataclass(frozen=True, slots=True)
class Named(Shape):
    """A code by what it is called; one without a name stands for itself, or for what `other` says."""

    names: Mapping[str, str] = field(hash=False)
    other: str | None = None

    def __call__(self, value: Any) -> Cell:
        code = str(value)
        return self.names.get(code, code if self.other is None else self.other)

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        names = Value(json.dumps(dict(self.names), ensure_ascii=False))
        otherwise: Combinable = F(path) if self.other is None else Value(self.other)
        return _Called(names, F(path), otherwise, output_field=TextField())


class _Called(Func):
    """The name of a code in a JSON object of names."""

    template = "CASE WHEN {code} <> '' THEN coalesce({names}::jsonb ->> {code}, {otherwise}) END"

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        names, code, otherwise = (compiler.compile(one) for one in self.source_expressions)
        sql = self.template.format(names=names[0], code=code[0], otherwise=otherwise[0])
        return sql, [*code[1], *names[1], *code[1], *otherwise[1]]


@dataclass(frozen=True, slots=True)
class NamedSet(Shape):
    """Several codes by what they are called, with `、` between."""

    names: Mapping[str, str] = field(hash=False)

    def __call__(self, value: Any) -> Cell:
        return "、".join(self.names.get(str(code), str(code)) for code in value)

    def in_sql(self, path: str, column: "Field[Any, Any]") -> Combinable:
        return _CalledTogether(
            Value(json.dumps(dict(self.names), ensure_ascii=False)), F(path), output_field=TextField()
        )


class _CalledTogether(_Called):
    """The names of an array of codes; the common case of one code without a sub-query."""

    template = (
        "CASE cardinality({code}) WHEN 0 THEN NULL WHEN 1 THEN coalesce({names}::jsonb ->> {code}[1], {code}[1])"
        " ELSE (SELECT string_agg(coalesce({names}::jsonb ->> one.code, one.code), '、' ORDER BY one.place)"
        " FROM unnest({code}) WITH ORDINALITY AS one (code, place)) END"
    )

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        names, code = (compiler.compile(one) for one in self.source_expressions)
        sql = self.template.format(names=names[0], code=f"({code[0]})")
        return sql, [*names[1], *names[1]]


def _filled(text: Combinable) -> Combinable:
    """Let empty text be nothing: COPY writes it without quotation marks then."""
    return NullIf(text, Value(""), output_field=TextField())


def is_text(column: "Field[Any, Any]") -> bool:
    """Tell whether a column holds text."""
    return not isinstance(column, BooleanField) and column.get_internal_type() in {"CharField", "TextField"}
