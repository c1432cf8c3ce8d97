"""A village's table: stored whole, derived figures not typed, the second told of the first, a closed year by a slip."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest

from fupin.accounts.models import User
from fupin.divisions.models import Division
from registry.errors import CardRefused, SlipRefused, StaleCard, YearClosed
from registry.models import SlipStatus, Village, VillageYear
from registry.reports.villages import read_table
from registry.services.corrections import decide_correction
from registry.services.village_corrections import propose_village_correction
from registry.services.village_tables import SavedTable, save_village_table
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.registry.factories import TODAY, VILLAGE
from tests.registry.rules.test_village import village

Scope = Callable[[User], AbstractContextManager[User]]


def save(actor: User, version: int | None = None, year: int = 2014, **more: Any) -> SavedTable:
    return save_village_table(
        actor=actor,
        division=Division.objects.get(code=VILLAGE),
        year=year,
        values=village(**more),
        base_version=version,
        on=TODAY,
    )


@pytest.mark.django_db
def test_a_table_comes_back_as_it_was_entered(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        row = save(ai).village_year
        read = read_table(VillageYear.objects.select_related("village").get())
        assert {name: read[name] for name in ("households", "head", "village_attr", "team")} == {
            "households": 200,
            "head": "任大海",
            "village_attr": "1",
            "team": "省农业厅工作队",
        }
        assert (read["head_phone"], row.version) == ("*******0001", 1)
        assert Village.objects.get().entered_by == ai
        again = save(ai, 1, head_phone="*******0001")
        assert again.village_year.version == 1


@pytest.mark.django_db
def test_errors_and_stale_versions_are_refused(ai: User, tong: User, in_scope: Scope) -> None:
    with in_scope(ai):
        with pytest.raises(CardRefused) as refused:
            save(ai, population=100, poor_households=3)
        assert {(f.rule, f.field) for f in refused.value.findings} >= {
            ("R-20", "population"),
            ("R-43", "poor_households"),
        }
        save(ai)
    with in_scope(tong):
        save(tong, 1, households=210)
        with pytest.raises(StaleCard) as stale:
            save(tong, 1, households=205)
        assert {c.label: (c.theirs, c.mine) for c in stale.value.conflicts}["总户数"] == ("210", "205")


@pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])
def test_a_closed_years_table_is_corrected_by_two(tong: User, chen: User, in_scope: Scope) -> None:
    with in_scope(tong):
        row = save(tong, year=2013).village_year
        with pytest.raises(SlipRefused, match="未关账"):
            propose_village_correction(
                actor=tong, village_year=row, values=village(), base_version=1, reason="x", on=TODAY
            )
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    with in_scope(tong):
        with pytest.raises(YearClosed):
            save(tong, 1, year=2013, households=210)
        corrected = village(households=210, head_phone="13900001234")
        slip = propose_village_correction(
            actor=tong, village_year=row, values=corrected, base_version=1, reason="漏报十户", on=TODAY
        )
        assert [(c["label"], c["old"], c["new"]) for c in slip.changes] == [
            ("村负责人电话", "*******0001", "*******1234（新填）"),
            ("总户数", "200", "210"),
        ]
    with in_scope(chen):
        assert decide_correction(actor=chen, slip=slip, approve=True, on=TODAY).status == SlipStatus.APPLIED
        row.refresh_from_db()
        assert (row.households, row.head_phone_masked, row.version) == (210, "*******1234", 2)
