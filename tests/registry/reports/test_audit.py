"""Each saved question finds exactly the thirty rows planted for it among ten thousand clean households; samples come back by their seed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from fupin.accounts.models import User
from fupin.accounts.scope import whole_province
from fupin.divisions.codes import Level, cut
from fupin.sheets import exports
from fupin.sheets.kinds import Request
from registry.codes.sampling import Stratum
from registry.models import HouseholdYear, SampledHousehold
from registry.reports.audit import QUESTIONS, Asked
from registry.reports.audit.samples import frame
from registry.reports.audit.subjects import resource_of, shaped
from registry.reports.on_register import on_register
from registry.rules.sampling import allotted, place_of
from registry.seeding.load import SEED_USER, seed
from registry.services.sampling import draw_sample
from tests.conftest import LINXIAN, as_owner
from tests.registry.planting import EACH, YEAR, Field, clean, plant

pytestmark = pytest.mark.django_db

CLEAN = 10_500


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, set[int]]]:
    """Ten thousand clean households of 临县 and what was planted among them, seeded once for this module."""
    with django_db_blocker.unblock():
        with as_owner():
            seed(households=CLEAN, seed_text="audit", counties=[LINXIAN], processes=1)
            with whole_province():
                field = Field(User.objects.get(username=SEED_USER))
                clean(field)
                plant(field)
        yield field.planted
        TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]
        for alias in ("default", "record"):
            connections[alias].close()


def asked(user: User, code: str, year: int = YEAR) -> Asked:
    return Asked(user, year, date(2016, 1, 1), QUESTIONS[code].defaults())


def test_there_is_a_table_for_every_question(planted: dict[str, set[int]]) -> None:
    assert set(planted) == set(QUESTIONS)


@pytest.mark.parametrize("code", sorted(QUESTIONS))
def test_a_question_finds_what_was_planted_and_nothing_else(
    code: str, planted: dict[str, set[int]], jin: User, in_scope: Any
) -> None:
    with in_scope(jin):
        found = set(QUESTIONS[code].rows(asked(jin, code)).values_list("pk", flat=True))
        assert found == planted[code]
        assert HouseholdYear.objects.filter(year=YEAR).count() > 10_000


@pytest.mark.parametrize("code", sorted(QUESTIONS))
def test_its_page_and_its_file_show_the_same_rows(
    code: str, planted: dict[str, set[int]], jin: User, in_scope: Any
) -> None:
    with in_scope(jin):
        question = QUESTIONS[code]
        rows = shaped(question, question.rows(asked(jin, code)))
        resource = resource_of(question)
        with CaptureQueriesContext(connections["default"]) as queries:
            shown = [resource.export_resource(row) for row in rows]
        assert len(queries) == 1
        assert len(shown) == EACH
        assert all(cells[0] for cells in shown)
        selection = exports.select(
            "audit", Request(jin, YEAR, QueryDict(f"question={code}&division={LINXIAN}"))
        )
        assert selection.rows.count() == EACH
        assert ("定义", question.definition) in selection.filters


def test_another_county_sees_none_of_it(planted: dict[str, set[int]], du: User, in_scope: Any) -> None:
    with in_scope(du):
        assert not [code for code, one in QUESTIONS.items() if one.rows(asked(du, code)).exists()]


def test_a_seed_draws_the_same_households_again(
    planted: dict[str, set[int]], jin: User, in_scope: Any
) -> None:
    def draw(seed_text: str, stratum: Stratum = Stratum.TOWNSHIP) -> list[str]:
        sample = draw_sample(
            actor=jin,
            division=LINXIAN,
            year=YEAR,
            seed=seed_text,
            stratum=stratum,
            size=120,
            purpose="审计抽查",
        )
        rows = SampledHousehold.objects.filter(sample=sample).order_by("seat")
        return list(rows.values_list("household__household_no", flat=True))

    with in_scope(jin):
        first = draw("2014-0711")
        assert draw("2014-0711") == first
        assert len(set(first)) == 120
        assert draw("2014-0712") != first
        numbers: dict[int, list[str]] = {}
        for number, village in frame(LINXIAN, YEAR).values_list("household__household_no", "division_id"):
            numbers.setdefault(cut(village, Level.TOWNSHIP), []).append(number)
        counts = allotted({str(code): len(there) for code, there in numbers.items()}, 120)
        by_hand = [
            number
            for code in sorted(counts)
            for number in sorted(numbers[int(code)], key=lambda one: place_of("2014-0711", one))[
                : counts[code]
            ]
        ]
        assert by_hand == first
        for stratum in Stratum:
            assert len(draw("种子", stratum)) == 120
        assert (
            frame(LINXIAN, YEAR).count() == HouseholdYear.objects.filter(on_register(YEAR), year=YEAR).count()
        )
