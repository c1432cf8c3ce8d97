"""R-91 against the register: doubted before the announcement, refused after it, answered by the pair that runs now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fupin.accounts.models import User
from registry.errors import CardRefused
from registry.reports.cards import read_card
from registry.services.checking import findings_of
from registry.services.help.pairs import end_pair
from registry.services.importing.lookups import look_up
from tests.registry.factories import TODAY, VILLAGE, card, change, member, pupil, saved, wife
from tests.registry.helping import left, paired
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]


def said(entered: Any) -> list[tuple[str, str]]:
    found = findings_of(
        read_card(entered.household_year), village=VILLAGE, on=TODAY, household=entered.household
    )
    return [(one.rule, one.level) for one in found if one.rule == "R-91"]


@pytest.mark.parametrize(
    ("status", "level"),
    [
        ("D", None),
        ("A", "W"),
        ("M-", None),
        ("P2", "W"),
        ("C", "W"),
        ("S", "W"),
        ("N", "E"),
        ("X1", "E"),
        ("XP", "E"),
        ("O", None),
        ("K", None),
    ],
)
def test_who_is_poor_has_somebody_from_the_announcement_on(
    status: str, level: str | None, tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        entered = saved(tong)
        more = {"exit_year": 2014, "exited_on": "2014-06-01"} if status == "O" else {}
        put(entered.household, status, **more)
        assert said(entered) == ([("R-91", level)] if level else [])


def test_before_the_announcement_a_card_is_saved_with_a_remark(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        entered = saved(tong)
        assert "R-91" not in {remark["rule"] for remark in entered.household_year.remarks}
        put(entered.household, "C")
        kept = change(tong, entered, replace(read_card(entered.household_year), address="白文镇前庄13号"))
        (remark,) = kept.household_year.remarks
        assert (remark["rule"], remark["field"]) == ("R-91", "assist_person")


def test_the_pair_answers_until_it_ends(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        entered = saved(tong)
        put(entered.household, "N", first_identified_year=2014)
        anew = replace(read_card(entered.household_year), address="白文镇前庄13号")
        with pytest.raises(CardRefused, match="还没有帮扶责任人"):
            change(tong, entered, anew)
        paired(tong, entered.household)
        assert said(entered) == []
        change(tong, entered, anew)
        left(entered.household, date(2014, 6, 1))
        end_pair(actor=tong, household=entered.household, on=date(2014, 6, 1), reason="已脱贫")
        put(entered.household, "N", exit_year=None, exited_on=None)
        assert said(entered) == [("R-91", "E")]


def test_however_many_members_it_asks_once(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        counts = []
        for family in ((member(),), (member(), wife(), pupil(), pupil(name="张小刚", born=date(2005, 2, 3)))):
            entered = saved(tong, card(*family))
            put(entered.household, "N", first_identified_year=2014)
            given = read_card(entered.household_year)
            with CaptureQueriesContext(connection) as asked:
                findings_of(given, village=VILLAGE, on=TODAY, household=entered.household)
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 7


def test_a_workbook_asks_once_for_all_its_households(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        entered = [saved(tong, card(member())) for _ in range(4)]
        for one in entered:
            put(one.household, "N", first_identified_year=2014)
        paired(tong, entered[0].household)
        draft = saved(tong, card(member()))
        counts = []
        for ones in (entered[:1], [*entered, draft]):
            with CaptureQueriesContext(connection) as asked:
                known = look_up(
                    [],
                    numbers=[one.household.household_no for one in ones],
                    entry_keys=[],
                    year=2014,
                    within=VILLAGE,
                )
            counts.append(len(asked))
        assert counts[0] == counts[1]
        told = {
            one.household.pk: known.of(card(), {}, VILLAGE, 0, besides=one.household).has_assist_person
            for one in [*entered, draft]
        }
        assert list(told.values()) == [True, False, False, False, None]
