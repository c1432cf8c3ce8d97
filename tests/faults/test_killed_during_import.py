"""SIGKILL of the worker at five moments of an import: what is written afterwards is what an undisturbed run writes."""

import os
import random
import signal
from collections.abc import Callable
from decimal import Decimal
from itertools import count
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


Step = Callable[[], None]


def killed_at(step: int, work: Callable[[Step], Any]) -> bool:
    """Do the work in a process of its own that is killed at its so-manieth step; tell whether it came so far."""
    pid = os.fork()
    if pid == 0:
        for alias in connections:
            connections[alias].connection = None
        steps = count(1)

        def kill() -> None:
            if next(steps) >= step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(kill)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def until_done(work: Callable[[Step], Any], rng: random.Random, furthest: int) -> None:
    """Kill the work five times at random steps, then let it end."""
    met = [killed_at(rng.randint(1, furthest), work) for _ in range(5)]
    assert any(met)
    work(lambda: None)


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

    def stage(step: Step) -> None:
        receiving.stage(fresh(bo), on=make.TODAY, told=lambda *_: step())

    def apply(step: Step) -> None:
        """A step is a transaction that has written and not yet been committed."""
        write = deciding._apply_some

        def written(*arguments: Any) -> None:
            write(*arguments)
            step()

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(deciding, "_apply_some", written)
            deciding.apply(fresh(chen), actor=chen, on=make.TODAY, told=quiet)

    until_done(stage, rng, 12)
    staged = fresh(bo)
    assert (staged.status, staged.new, staged.rows) == (ImportStatus.READY, HOUSEHOLDS, 4 * HOUSEHOLDS)
    with acting_as(chen):
        deciding.decide(batch=staged, mode="ALL", actor=chen)
    until_done(apply, rng, 4)
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
