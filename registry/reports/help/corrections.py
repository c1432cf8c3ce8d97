"""What stood on a measure before it was corrected: who corrected it when, and why (procedures §4.2: 旧值保留)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.apps import apps

from fupin.accounts.models import User
from registry.models import AssistMeasure, AssistPerson

FACTS = ("on", "kind", "content", "money_source", "amount", "project_no", "led_by", "person_id")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A measure as it stood until a moment."""

    on: date
    kind: str
    content: str
    amount: Decimal | None
    person: str
    by: str
    at: datetime
    reason: str


def corrections(measure: AssistMeasure) -> list[Corrected]:
    """Return what a measure said before each of its corrections, the latest first."""
    events = apps.get_model("registry", "AssistMeasureEvent")._default_manager
    rows = list(events.filter(pgh_obj_id=measure.pk).select_related("pgh_context").order_by("pgh_id"))
    pairs = [
        (before, after)
        for before, after in pairwise(rows)
        if any(getattr(before, name) != getattr(after, name) for name in FACTS)
    ]
    said = [(after.pgh_context.metadata if after.pgh_context else None) or {} for _, after in pairs]
    who = User.objects.filter(pk__in={one.get("user") for one in said if one.get("user")})
    names = dict(who.values_list("pk", "full_name"))
    people = AssistPerson.objects.filter(pk__in={before.person_id for before, _ in pairs})
    persons = dict(people.values_list("pk", "name"))
    found = [
        Corrected(
            before.on,
            before.kind,
            before.content,
            before.amount,
            persons.get(before.person_id, ""),
            names.get(context.get("user") or 0, ""),
            after.pgh_created_at,
            str(context.get("reason") or ""),
        )
        for (before, after), context in zip(pairs, said, strict=True)
    ]
    return found[::-1]
