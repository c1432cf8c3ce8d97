"""Mistakes that pass unseen in a page and are caught in every test: they fail the test that makes them.

Undefined template variables; pages and slices of rows in no certain order; writes while only reading was asked. (Naive moments are
warnings of Django's, and warnings are errors here.)
"""

import re
import sys
from contextvars import ContextVar
from typing import Any, Final

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.core.handlers.base import BaseHandler
from django.core.paginator import Paginator
from django.db import models
from django.db.backends.utils import CursorWrapper
from django.db.models.constants import LOOKUP_SEP
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode
from django.http import HttpRequest
from django.template import Variable, VariableDoesNotExist, engines

READ_ONLY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
BOOKKEEPING: Final = frozenset(
    {
        "django_session",
        "accounts_signin",
        "accounts_apitoken",  # when a token was last used
        "axes_accesslog",  # when a session that is over was signed out
        "accounts_auditrecord",
        "accounts_accessrecord",
        "otp_totp_totpdevice",  # a key drawn when the page that shows it is opened
    }
)
"""What may be written while a page is only read: the bookkeeping of signing in, and the records of having looked."""

_WRITE: Final = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_GET_LIMIT: Final = 21  # what QuerySet.get() fetches at most

_method: ContextVar[str] = ContextVar("method", default="")


class Undefined(Exception):
    """A template shows a variable that nobody gave it."""


class WroteWhileReading(AssertionError):
    """A GET changed a table."""


class NoOrder(AssertionError):
    """Rows were cut into pages in an order that the database may change between them."""


class _Loud(str):
    """Django puts the name of an undefined variable into this text; it raises instead of being shown.

    A part of something that is None is nothing, as templates are used to: `{{ household.number }}` of a card that has none yet.
    """

    def __mod__(self, name: object) -> str:
        context = sys._getframe(1).f_locals.get("context")
        if context is not None and _is_part_of_none(str(name), context):
            return ""
        raise Undefined(f"undefined template variable: {name}")


def _is_part_of_none(name: str, context: Any) -> bool:
    """Tell whether one of the steps before the last leads to None."""
    steps = name.split(".")
    for length in range(1, len(steps)):
        try:
            if Variable(".".join(steps[:length])).resolve(context) is None:
                return True
        except VariableDoesNotExist:
            return False
    return False


@pytest.fixture(autouse=True)
def undefined_variables_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `{{ mistyped }}` raise instead of showing nothing."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", _Loud("%s"))  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def reading_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every INSERT, UPDATE and DELETE during a GET but those of the bookkeeping."""
    respond, execute, execute_many = (
        BaseHandler.get_response,
        CursorWrapper.execute,
        CursorWrapper.executemany,
    )

    def answer(self: BaseHandler, request: HttpRequest) -> Any:
        token = _method.set(request.method or "")
        try:
            return respond(self, request)
        finally:
            _method.reset(token)

    def look(sql: object) -> None:
        if _method.get() in READ_ONLY and (found := _WRITE.match(str(sql))) and found[1] not in BOOKKEEPING:
            raise WroteWhileReading(f"{_method.get()} wrote to {found[1]}: {str(sql)[:200]}")

    def run(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
        look(sql)
        return execute(self, sql, params)

    def run_many(self: CursorWrapper, sql: Any, rows: Any) -> Any:
        look(sql)
        return execute_many(self, sql, rows)

    monkeypatch.setattr(BaseHandler, "get_response", answer)
    monkeypatch.setattr(CursorWrapper, "execute", run)
    monkeypatch.setattr(CursorWrapper, "executemany", run_many)


@pytest.fixture(autouse=True)
def pages_have_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse pages whose order leaves two rows equal, and slices of rows without any order."""
    make, fetch = Paginator.__init__, models.QuerySet._fetch_all

    def paginate(self: Any, rows: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(rows, models.QuerySet) and not is_total(rows):
            raise NoOrder(
                f"{rows.model.__name__} in pages by {ordering_of(rows)}, which ends in nothing unique"
            )
        make(self, rows, *args, **kwargs)

    def load(self: Any) -> None:
        query = self.query
        cut = query.is_sliced and (query.low_mark, query.high_mark) != (0, _GET_LIMIT)
        if self._result_cache is None and cut and not self.ordered:
            raise NoOrder(f"a slice of {self.model.__name__} in no order")
        fetch(self)

    monkeypatch.setattr(Paginator, "__init__", paginate)
    monkeypatch.setattr(models.QuerySet, "_fetch_all", load)


def ordering_of(rows: "models.QuerySet[Any]") -> list[str]:
    """Return the columns by which rows are ordered, without their direction; expressions are left out."""
    query = rows.query
    given = (
        query.extra_order_by
        or query.order_by
        or (query.get_meta().ordering if query.default_ordering else ())
    )
    columns = []
    for one in given:
        source = getattr(one, "expression", one)
        name = source if isinstance(source, str) else getattr(source, "name", "")
        columns.append(str(name).lstrip("-+"))
    return columns


def is_total(rows: "models.QuerySet[Any]") -> bool:
    """Tell whether the order of rows, and what they all agree in, decide between any two of them."""
    meta = rows.model._meta
    fixed = {_plain(name, meta) for name in ordering_of(rows)} | _agreed(rows.query.where)
    if isinstance(
        rows.query.group_by, tuple
    ):  # values().annotate(): a group is known by what it is grouped by
        grouped = {
            expression.target.attname for expression in rows.query.group_by if hasattr(expression, "target")
        }
        if grouped and grouped <= fixed:
            return True
    unique = [{field.attname} for field in meta.concrete_fields if field.unique and not field.null]
    unique += [{meta.get_field(name).attname for name in names} for names in meta.unique_together]
    unique += [
        {meta.get_field(name).attname for name in constraint.fields}
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and constraint.fields
        and constraint.condition is None
    ]
    return any(columns <= fixed for columns in unique)


def _plain(name: str, meta: Any) -> str:
    """Return the column of a field of the model itself; a related model's primary key stands for the key to it."""
    if name == "pk":
        return str(meta.pk.attname)
    first, *rest = name.split(LOOKUP_SEP)
    try:
        field = meta.get_field(first)
    except FieldDoesNotExist:
        return name
    if not rest:
        return str(field.attname)
    target = field.related_model._meta
    if rest in (["pk"], [target.pk.name]) or target.get_field(rest[0]).unique:
        return str(field.attname)
    return name


def _agreed(where: WhereNode) -> set[str]:
    """Return the columns in which all rows agree, because the filter names one value."""
    if where.connector != AND or where.negated:
        return set()
    found: set[str] = set()
    for child in where.children:
        if isinstance(child, WhereNode):
            found |= _agreed(child)
        elif isinstance(child, Exact):
            target = getattr(child.lhs, "target", None)
            if target is not None:
                found.add(target.attname)
    return found
