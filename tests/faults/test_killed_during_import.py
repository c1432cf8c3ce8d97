"""SIGKILL of the worker at five moments of an import: what is written afterwards is what an undisturbed run writes."""

import os
import random
import signal
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.models import Count, Sum

from fupin.accounts.models import User
from fupin.accounts.scope import acting_as
from fupin.divisions.models import Division
from fupin.sheets import deciding, receiving
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit
from registry.models import Household, HouseholdYear, Member, MemberYear
from tests.conftest import BAIWEN
from tests.registry import factories as make
from tests.registry.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db(transaction=True)

HOUSEHOLDS = 120


@pytest.fixture(autouse=True)
def small_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let transactions be small, so that a kill finds the work half done."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(deciding, "TOGETHER", 5)
    monkeypatch.setattr(receiving, "A_PIECE", 10)


def quiet(_done: int, _total: int | None, _words: str) -> None:
    """Look at nothing."""


def killed_after(seconds: float, work: Callable[[], Any]) -> bool:
    """Do the work in a process of its own and kill it; tell whether it was still at it."""
    pid = os.fork()
    if pid == 0:
        for alias in connections:
            connections[alias].connection = None
        try:
            work()
        finally:
            os._exit(0)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


def until_done(batch: ImportBatch, work: Callable[[], Any], rng: random.Random, longest: float) -> int:
    """Kill the work five times at random moments, then let it end; return how often a kill met it at work."""
    met = sum(killed_after(rng.uniform(0.02, longest), work) for _ in range(5))
    work()
    return met


def test_no_household_is_lost_or_doubled(bo: User, chen: User) -> None:
    villages = list(
        Division.objects.administrative_villages()
        .filter(pk__gte=BAIWEN, pk__lt=BAIWEN + 1000)
        .order_by("pk")[:12]
    )
    cards = [
        make.card(
            village_code=str(villages[number % len(villages)].pk),
            phone=f"139{number:08}",
            income=make.income(property_income=Decimal(number)),
        )
        for number in range(HOUSEHOLDS)
    ]
    rng = random.Random(20140429)
    with acting_as(bo):
        batch = receiving.receive(kind="households", files=[workbook(rows_of(cards))], actor=bo)

    def fresh(actor: User) -> ImportBatch:
        with acting_as(actor):
            return ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=batch.pk)

    def stage() -> None:
        receiving.stage(fresh(bo), on=make.TODAY, told=quiet)

    def apply() -> None:
        deciding.apply(fresh(chen), actor=chen, on=make.TODAY, told=quiet)

    until_done(batch, stage, rng, 1.5)
    staged = fresh(bo)
    assert (staged.status, staged.new, staged.rows) == (ImportStatus.READY, HOUSEHOLDS, 4 * HOUSEHOLDS)
    with acting_as(chen):
        deciding.decide(batch=staged, mode="ALL", actor=chen)
    assert until_done(batch, apply, rng, 1.0) > 0, "no kill met the writing"
    done = fresh(bo)
    assert (done.status, done.applied) == (ImportStatus.APPLIED, HOUSEHOLDS)
    with acting_as(bo):
        assert not StagedUnit.objects.filter(batch=batch, applied_at__isnull=True).exists()
        assert Household.objects.aggregate(n=Count("pk"), keys=Count("entry_key", distinct=True)) == {
            "n": HOUSEHOLDS,
            "keys": HOUSEHOLDS,
        }
        sums = HouseholdYear.objects.aggregate(
            n=Count("pk"), people=Sum("member_count"), income=Sum("property_income")
        )
        assert sums == {"n": HOUSEHOLDS, "people": 3 * HOUSEHOLDS, "income": Decimal(sum(range(HOUSEHOLDS)))}
        assert Member.objects.count() == MemberYear.objects.count() == 3 * HOUSEHOLDS
        numbers = list(Household.objects.order_by("household_no").values_list("division_id", "household_no"))
        by_village: dict[int, list[str]] = {}
        for village, number in numbers:
            by_village.setdefault(village, []).append(number[-4:])
        assert all(given == [f"{n:04}" for n in range(1, len(given) + 1)] for given in by_village.values())
