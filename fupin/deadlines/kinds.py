"""The kinds of clocks: each app says in ``<app>/clocks.py`` with ``@clock_rule`` what has to be done by when.

```python
@clock_rule(
    kind="registry.objection_settled",
    title="异议办结",
    basis="程序 §4：10 日内办结",
    role=Role.TOWNSHIP,
    level=Level.TOWNSHIP,
    permission="registry.view_household",
    url="objection_card",
    warn_days=3,
    escalate_days=5,
)
def objections(today: date) -> Rows:
    open_ones = Objection.objects.filter(...)
    return rows(open_ones, subject_key=Cast("pk", TextField()), division="division_id", starts_on="accepted_on",
                due_on="settle_by", url_args=arguments("pk"), done_on="settled_on")
```
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from fupin.accounts.roles import LEVELS, Role
from fupin.divisions.codes import Level

PREFIX: Final = "clock_"
"""Before a column's name in the rule's query, where it must not meet the fields of the rule's own tables."""

NEEDED: Final = frozenset({"subject_key", "division", "starts_on", "due_on"})
OPTIONAL: Final = frozenset(
    {"title", "url_args", "user", "role", "at", "warn_days", "escalate_days", "done_on"}
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a rule found: a query with one row a clock, not yet asked; ``columns`` are those that it gives."""

    query: QuerySet[Any, Any]
    columns: frozenset[str]


Rule = Callable[[date], Rows]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of clock: its words, its article, whose it is, when it warns and when the level above hears of it."""

    name: str
    title: str
    basis: str
    role: Role
    level: Level
    permission: str
    url: str
    warn_days: int
    escalate_days: int | None
    rule: Rule


KINDS: dict[str, Kind] = {}


def clock_rule(
    *,
    kind: str,
    title: str,
    basis: str,
    role: Role,
    level: Level,
    permission: str,
    url: str = "",
    warn_days: int = 30,
    escalate_days: int | None = 30,
) -> Callable[[Rule], Rule]:
    """Register a function of the day as the rule of clocks of this kind.

    ``role`` at the subject's division of ``level`` answers for the clock; ``permission`` is what looking at it on
    the board needs; ``url`` is the page of the subject, reversed with the row's ``url_args``. A clock whose row is
    no longer returned is closed; one with ``done_on`` is closed on that day. Titles name no person: they are
    mailed and stand in calendars.
    """
    if not (title and basis and permission):
        raise ValueError(f"{kind}: a clock has a title, an article and a permission")
    if level not in LEVELS[role]:
        raise ValueError(f"{kind}: {role} has no post at level {level.label}")
    if warn_days < 0 or (escalate_days is not None and escalate_days < 1):
        raise ValueError(f"{kind}: it warns before the due day and escalates after it")

    def register(rule: Rule) -> Rule:
        if kind in KINDS:
            raise ValueError(f"two rules for clocks of kind {kind}")
        KINDS[kind] = Kind(kind, title, basis, role, level, permission, url, warn_days, escalate_days, rule)
        return rule

    return register


def rows(found: QuerySet[Any, Any], **columns: Any) -> Rows:
    """Return what a rule found, its columns by name: a field's name, an expression, or a plain value in ``Value``.

    Needed: ``subject_key`` (unique within the kind), ``division``, ``starts_on``, ``due_on``. Optional: ``title``,
    ``url_args`` (``arguments(…)``), ``user`` (who answers in person while he holds a post there), ``role`` and ``at``
    (whose, where it isn't the kind's), ``warn_days``, ``escalate_days``, ``done_on``. Raise ValueError for others.
    """
    names = frozenset(columns)
    if not NEEDED <= names <= NEEDED | OPTIONAL:
        raise ValueError(f"missing {sorted(NEEDED - names)}, unknown {sorted(names - NEEDED - OPTIONAL)}")
    given = {PREFIX + name: F(said) if isinstance(said, str) else said for name, said in columns.items()}
    return Rows(found.order_by().annotate(**given).values(*given), names)


def arguments(*expressions: Any) -> Func:
    """Return the arguments of the subject's page as a column: fields by name, or expressions."""
    said = [Cast(F(one) if isinstance(one, str) else one, TextField()) for one in expressions]
    return Func(*said, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))


def kinds_for(permissions: Callable[[str], bool]) -> Sequence[Kind]:
    """Return the kinds whose permission is held, by title."""
    held = (kind for kind in KINDS.values() if permissions(kind.permission))
    return sorted(held, key=lambda kind: (kind.title, kind.name))


__all__ = [
    "KINDS",
    "NEEDED",
    "OPTIONAL",
    "PREFIX",
    "Kind",
    "Rows",
    "Rule",
    "Value",
    "arguments",
    "clock_rule",
    "kinds_for",
    "rows",
]
