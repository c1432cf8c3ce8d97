"""Every rule of level E stands between a card and the register: what the rules' own table breaks is not stored."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.errors import CardRefused
from registry.models import Household
from registry.rules.card import Card
from registry.rules.checks import RULES
from registry.services.cards import save_card
from tests.registry.rules.cards import Change, good_card
from tests.registry.rules.test_checks import BROKEN

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]

FILLED_IN = "members[0].sex"
"""Left empty, 性别 follows from the ID number before the card is checked."""

ERRORS = [
    (rule, field, breaks)
    for rule, field, breaks in BROKEN
    if RULES[rule].level == "E" and (rule, field) != ("R-20", FILLED_IN)
]


def enter(actor: User, card: Card) -> None:
    save_card(
        actor=actor,
        household=None,
        card=card,
        base_version=None,
        entry_key=uuid.uuid4(),
        on=date(2014, 6, 20),
    )


def test_the_card_that_breaks_nothing_is_stored(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        enter(ai, good_card())
        assert Household.objects.count() == 1


@pytest.mark.parametrize(("rule", "field", "breaks"), ERRORS)
def test_an_error_is_never_stored(ai: User, in_scope: Scope, rule: str, field: str, breaks: Change) -> None:
    broken = breaks(good_card())
    with in_scope(ai):
        if field == "village_code":
            with pytest.raises((CardRefused, Refused)):
                enter(ai, broken)
        else:
            with pytest.raises(CardRefused) as refused:
                enter(ai, broken)
            assert (rule, field) in {(finding.rule, finding.field) for finding in refused.value.findings}
        assert not Household.objects.exists()
