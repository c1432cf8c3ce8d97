"""Lists of help taken out: their rows, their sums, and that they end at the county."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.sheets import exports
from fupin.sheets.kinds import KINDS, Request
from registry.models import AssistPair, Household, RosterEntry, WorkLog
from registry.models.help import LogKind
from registry.services.help.measures import For, MeasureFacts, deliver, put_down_measure
from registry.services.help.plans import PlanFacts, make_plan
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, left, registered

pytestmark = pytest.mark.django_db
Scope = Callable[[User], AbstractContextManager[User]]
AUGUST = date(2014, 8, 1)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def helped(bo: User, in_scope: Scope) -> list[Household]:
    """A household that is helped and has left since, and one that has nobody and nothing."""
    with in_scope(bo):
        first, second, person = registered(bo), registered(bo, phone="13800000009"), helper(bo)
        AssistPair.objects.create(
            division_id=VILLAGE, household=first, person=person, start_date=AUGUST, entered_by=bo
        )
        facts = PlanFacts(
            2014, "01", "养羊", Decimal(3000), date(2014, 12, 31), person, income_gain=Decimal(900)
        )
        make_plan(actor=bo, village=VILLAGE, facts=facts, household=first)
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(AUGUST, "04", "贷款贴息", person, amount=Decimal(3000)),
            recipients=[For(first, amount=Decimal(3000), runs_until=date(2044, 1, 1))],
            today=AUGUST,
        )
        deliver(
            actor=bo,
            recipient=measure.recipients.get(),
            on=AUGUST,
            by="IN_KIND",
            amount=Decimal(1200),
            signed_by="张建国",
            today=AUGUST,
        )
        entry = RosterEntry.objects.create(
            division_id=VILLAGE, person=person, kind="STAYING_CADRE", since=AUGUST, entered_by=bo
        )
        WorkLog.objects.create(
            division_id=VILLAGE,
            entry=entry,
            on=AUGUST,
            kind=LogKind.MEASURE,
            household=first,
            content="发放补助",
            entered_by=bo,
        )
        left(first, date(2014, 12, 20))
    return [first, second]


def taken(actor: User, scope: Scope, kind: str, query: str = "") -> list[list[Any]]:
    """Return the rows of a list's own sheet, without its heads."""
    with scope(actor):
        selection = exports.select(kind, Request(actor, 2014, QueryDict(query)))
        log = exports.export(
            kind=kind, selection=selection, actor=actor, format="xlsx", at=timezone.now(), key=uuid.uuid4()
        )
    book = CalamineWorkbook.from_path(str(exports.path_of(log)))
    return list(book.get_sheet_by_name(selection.tables[0].name).to_python())


@pytest.mark.parametrize(
    ("kind", "query", "holds"),
    [
        ("help_pairs", "", ("2014-08-01",)),
        ("help_plans", "", ("户", "01 项目直补", "养羊", 3000.0)),
        ("help_measures", "", ("04 贷款贴息", 3000.0, 1200.0)),
        ("help_measures", "list=effect", ("贷款贴息",)),
        ("help_measures", "list=reach", ("贷款贴息",)),
        ("help_stops", "", ("贷款贴息",)),
        ("help_gaps", "gap=person", ()),
        ("help_gaps", "gap=labourer", ()),
        ("help_logs", "", ("下乡住村干部", "到户措施", "发放补助")),
    ],
)
def test_a_list_is_taken_out(
    bo: User,
    du: User,
    in_scope: Scope,
    helped: list[Household],
    kind: str,
    query: str,
    holds: tuple[Any, ...],
) -> None:
    rows = taken(bo, in_scope, kind, query)
    household = helped[1] if kind == "help_gaps" else helped[0]
    body = [cell for row in rows[1:] for cell in row]
    assert household.household_no in body
    assert (helped[0] if kind == "help_gaps" else helped[1]).household_no not in body
    shown = [str(cell) for cell in body]
    for one in holds:
        assert one in body or str(one) in shown, (one, shown)
    assert taken(du, in_scope, kind, query)[1:] == []


def test_villages_without_a_team_have_their_own_columns(bo: User, in_scope: Scope) -> None:
    assert taken(bo, in_scope, "help_gaps", "gap=team")[0] == ["村代码", "村", "乡镇", "状态"]


def test_each_has_its_button(bo: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(bo)
    for address, kind in (
        (reverse("help_people"), "help_pairs"),
        (reverse("help_gaps"), "help_gaps"),
        (f"{reverse('help_lists')}?list=effect", "help_measures"),
        (f"{reverse('help_lists')}?list=stop", "help_stops"),
        (reverse("help_roster"), "help_logs"),
        (reverse("help_coverage"), "help_plans"),
    ):
        assert f'name="kind" value="{kind}"' in client.get(address).content.decode(), kind
        assert kind in KINDS
