"""Pages of help as they are asked for, on whatever day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import AssistPerson
from registry.services.help.plans import PlanFacts
from registry.views.help import showing

ClientFor = Callable[[User], Client]
Scope = Callable[[User], AbstractContextManager[User]]


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let the pages believe that it is a day."""

    def believe(day: date) -> None:
        from registry.views.help import (
            household,
            leading,
            links,
            measures,
            people,
            roster,
            teams,
            village,
        )

        for module in (showing, household, leading, links, measures, people, roster, teams, village):
            if hasattr(module, "today"):
                monkeypatch.setattr(module, "today", lambda: day)

    return believe


def page(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def facts_of_plan(person: AssistPerson) -> PlanFacts:
    return PlanFacts(
        year=2013,
        kind="01",
        goal="养羊",
        amount=Decimal(0),
        due_on=date(2014, 12, 31),
        person=person,
    )
