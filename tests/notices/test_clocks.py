"""The clocks of objections: when they begin, when they are due, when they stop."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from fupin.accounts.models import User
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from fupin.notices.clocks import accepting, settling
from fupin.notices.models import Notice, Objection
from fupin.notices.services.objecting import object_to as file_objection
from fupin.notices.services.settling import accept_objection as take_on
from tests.clock import on_its_day
from tests.notices.conftest import POSTED

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
object_to = on_its_day(file_objection)
accept_objection = on_its_day(take_on)
ACCEPTED = POSTED + timedelta(days=3)


def test_a_clock_runs_from_filing_to_acceptance_and_on_to_the_answer(
    notice: Notice, tong: User, in_scope: Scope
) -> None:
    said = "第二户家在县城有商品房，请核实。"
    number = object_to(notice=notice, statement=said, entry_key=uuid.uuid4(), on=POSTED).number

    def days(rule: Callable[[date], Any]) -> list[tuple[Any, ...]]:
        wanted = ("subject_key", "starts_on", "due_on", "done_on", "url_args", "title")
        return list(rule(ACCEPTED).query.values_list(*(f"clock_{one}" for one in wanted)))

    with in_scope(tong):
        due = POSTED + timedelta(days=5)
        assert days(accepting) == [(number, POSTED, due, None, [number], f"受理异议 {number}")]
        assert days(settling) == []
        accept_objection(actor=tong, objection=Objection.objects.get(), on=ACCEPTED)
        assert days(accepting) == [(number, POSTED, due, ACCEPTED, [number], f"受理异议 {number}")]
        due = ACCEPTED + timedelta(days=10)
        assert days(settling) == [(number, ACCEPTED, due, None, [number], f"办结异议 {number}")]


@pytest.mark.parametrize("kind", ["notices.objection_accepted", "notices.objection_settled"])
def test_the_clocks_can_be_kept(kind: str, notice: Notice, tong: User, in_scope: Scope) -> None:
    with in_scope(tong), connection.cursor() as cursor:
        cursor.execute(*selection(KINDS[kind], POSTED))
        assert cursor.fetchall() == []
