"""`manage.py reidentify`: the keys that operators' scripts read."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fupin.accounts.models import User
from registry.models import ReidentificationFinding, ReidentificationRun
from tests.conftest import LINXIAN
from tests.registry.cases import see_province
from tests.registry.reidentifying import FALLEN_BACK, MAY_LEAVE, NEWLY_BELOW, STAYS, household

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("reidentify", "--year", "2014", *arguments, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_it_says_and_with_apply_it_keeps(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        for facts in (MAY_LEAVE, MAY_LEAVE, NEWLY_BELOW, FALLEN_BACK, STAYS):
            household(bo, facts)
    expected = {"households": 5, "may_leave": 2, "newly_below": 1, "fallen_back": 1, "unchanged": 1}
    only = told("--scope", "141124")
    assert {name: only[name] for name in expected} == expected
    assert isinstance(only["seconds"], float)
    see_province()
    assert not ReidentificationRun.objects.exists()
    kept = told("--scope", str(LINXIAN), "--apply")
    assert {name: kept[name] for name in expected} == expected
    see_province()
    run = ReidentificationRun.objects.get(pk=kept["run"])
    assert run.finished_at is not None
    assert run.asked_by is None
    assert ReidentificationFinding.objects.filter(run=run).count() == 4


@pytest.mark.parametrize(
    ("year", "scope", "said"), [("2014", "999", "没有区划"), ("2031", "14", "没有2030年的贫困线")]
)
def test_what_cannot_be_is_refused(db: None, year: str, scope: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("reidentify", "--year", year, "--scope", scope)
