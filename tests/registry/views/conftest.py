"""A household of a village of 白文镇, entered by its village worker, for the pages to show."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from fupin.accounts.models import User
from registry.services.cards import SavedCard
from tests.registry.factories import saved

Scope = Callable[[User], AbstractContextManager[User]]


@pytest.fixture
def zhang(ai: User, in_scope: Scope) -> SavedCard:
    """张建国, his wife and their son: household 0001 of the village, its card of 2014."""
    with in_scope(ai):
        return saved(ai)
