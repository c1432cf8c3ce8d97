"""Households to take out: two in a village of 临县, one of them with a name that a spreadsheet would carry out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from fupin.accounts.models import User
from registry.services.cards import SavedCard
from tests.registry import factories as make

NASTY = "=cmd|'/c calc'!A0"


@pytest.fixture(autouse=True)
def exports_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the files of this test lie in a folder of its own."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path / "exports"


@pytest.fixture
def households(bo: User, in_scope: Callable[[User], Any]) -> list[SavedCard]:
    with in_scope(bo):
        first = make.saved(bo)
        second = make.saved(bo, address=NASTY, phone="13800000002", natural_village="后庄")
    return [first, second]
