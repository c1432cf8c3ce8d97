"""A code's digits say its level and its range, in Python as in the database."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings, strategies as st

from fupin.divisions.codes import (
    Level,
    code_range,
    contains,
    cut,
    is_administrative_village,
    level_of,
    lineage,
)

PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = (
    140000000000,
    141100000000,
    141124000000,
    141124101000,
    141124101200,
)
codes = st.one_of(
    *(
        st.integers(10**11 // span, (10**12 - 1) // span).map(lambda number, span=span: number * span)  # type: ignore[misc]
        for span in (10**10, 10**8, 10**6, 10**3, 1)
    )
)


@pytest.mark.parametrize(
    ("code", "level", "high"),
    [
        (PROVINCE, Level.PROVINCE, 150000000000),
        (CITY, Level.CITY, 141200000000),
        (COUNTY, Level.COUNTY, 141125000000),
        (TOWNSHIP, Level.TOWNSHIP, 141124102000),
        (VILLAGE, Level.VILLAGE, 141124101201),
    ],
)
def test_level_and_range(code: int, level: Level, high: int) -> None:
    assert level_of(code) == level
    assert code_range(code) == (code, high)


@pytest.mark.parametrize("code", [0, 14, 99_999_999_999, 10**12, -VILLAGE])
def test_what_is_no_code_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="12-digit"):
        level_of(code)


def test_the_way_down() -> None:
    assert list(lineage(VILLAGE)) == [PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE]
    assert list(lineage(CITY)) == [PROVINCE, CITY]
    assert cut(VILLAGE, Level.COUNTY) == COUNTY


@pytest.mark.parametrize(
    ("last", "may"),
    [(1, False), (199, False), (200, True), (399, True), (400, True), (599, True), (600, False)],
)
def test_where_a_card_may_stand(last: int, may: bool) -> None:
    assert is_administrative_village(TOWNSHIP + last) is may


@given(codes, codes)
def test_one_lies_in_another_exactly_if_it_stands_on_its_way_down(code: int, other: int) -> None:
    assert contains(code, other) == (code in lineage(other))
    assert contains(code, code)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(st.lists(codes, min_size=1, max_size=500))
def test_the_database_cuts_the_same_range(db: None, drawn: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT division_hi(code) FROM unnest(%s::bigint[]) WITH ORDINALITY AS c (code, i) ORDER BY i",
            [drawn],
        )
        assert [row[0] for row in cursor.fetchall()] == [code_range(code)[1] for code in drawn]
