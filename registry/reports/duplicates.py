"""Finds the pairs that look like one: the twins of `registry.rules.duplicates` in SQL, over one county and one year.

Each query gives first, second (households, the older first), their villages, the sign, and the pairs of persons it rests on.
"""

from collections.abc import Iterator
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from fupin.policy.standards import figure
from registry.codes import ChangeType
from registry.codes.duplicates import DuplicateSign as Sign
from registry.models import DuplicateTicket, HouseholdYear
from registry.rules.duplicates import ALL_PAIRS_UP_TO

_PEOPLE: Final = """
people AS MATERIALIZED (
    SELECT m.household_id, m.member_no, m.name_pinyin, m.sex, m.birth_date, y.id_no_index, y.division
    FROM registry_memberyear y JOIN registry_member m ON m.id = y.member_id
    WHERE y.year = %(year)s AND y.is_counted AND y.is_live AND y.division >= %(low)s AND y.division < %(high)s
)"""

_ORDERED: Final = """
SELECT least(a, b) AS first, greatest(a, b) AS second,
    CASE WHEN a < b THEN a_at ELSE b_at END AS first_at, CASE WHEN a < b THEN b_at ELSE a_at END AS second_at,
    sign, coalesce(jsonb_agg(DISTINCT CASE WHEN a < b THEN jsonb_build_array(a_no, b_no) ELSE jsonb_build_array(b_no, a_no) END)
        FILTER (WHERE a_no <> ''), '[]') AS people
FROM found GROUP BY 1, 2, 3, 4, 5"""

_NAMES: Final = f"""
WITH {_PEOPLE}, found AS (
    SELECT a.household_id AS a, b.household_id AS b, a.division AS a_at, b.division AS b_at, a.member_no AS a_no, b.member_no AS b_no,
        CASE WHEN a.division = b.division THEN '{Sign.NAME_VILLAGE}' ELSE '{Sign.NAME_COUNTY}' END AS sign
    FROM people a JOIN people b
        ON a.name_pinyin = b.name_pinyin AND a.sex = b.sex AND a.birth_date = b.birth_date AND a.household_id < b.household_id
    WHERE a.name_pinyin <> ''
) {_ORDERED}"""  # noqa: S608  (constants of this module)

_SPLITS: Final = f"""
WITH {_PEOPLE}, gone AS MATERIALIZED (
    SELECT m.household_id, m.member_no, y.id_no_index, y.division
    FROM registry_memberyear y JOIN registry_member m ON m.id = y.member_id
    WHERE y.year <= %(year)s AND y.change_type = '{ChangeType.MOVED_OUT}' AND y.is_live
        AND y.division >= %(low)s AND y.division < %(high)s
), found AS (
    SELECT a.household_id AS a, b.household_id AS b, a.division AS a_at, b.division AS b_at, a.member_no AS a_no, b.member_no AS b_no,
        '{Sign.SPLIT}' AS sign
    FROM gone a JOIN people b ON a.id_no_index = b.id_no_index AND a.household_id <> b.household_id
) {_ORDERED}"""  # noqa: S608

_NUMBERS: Final = """
WITH shared AS (
    SELECT c.{column} AS number, c.household_id, c.division, count(*) OVER same AS how_many, min(c.household_id) OVER same AS oldest
    FROM registry_householdyear c JOIN registry_household h ON h.id = c.household_id
    WHERE c.year = %(year)s AND c.{column} IS NOT NULL AND h.status NOT IN ('K', 'Z')
        AND c.division >= %(low)s AND c.division < %(high)s
    WINDOW same AS (PARTITION BY c.{column})
), found AS (
    SELECT a.household_id AS a, b.household_id AS b, a.division AS a_at, b.division AS b_at, '' AS a_no, '' AS b_no, '{sign}' AS sign
    FROM shared a JOIN shared b ON a.number = b.number AND a.household_id < b.household_id
    WHERE a.how_many {limit}
) {ordered}"""


def searches(year: int) -> Iterator[tuple[str, str]]:
    """Yield what is looked for, in words and as a query with the parameters year, low and high."""
    yield "同名同生日", _NAMES
    yield "转出后立在另一户", _SPLITS
    few = f"<= {ALL_PAIRS_UP_TO} OR a.household_id = a.oldest"
    yield (
        "同一银行账号",
        _NUMBERS.format(column="bank_account_index", sign=Sign.ACCOUNT.value, limit=few, ordered=_ORDERED),
    )
    own = f"<= {int(figure('phone_households', year))}"
    yield (
        "同一联系电话",
        _NUMBERS.format(column="phone_index", sign=Sign.PHONE.value, limit=own, ordered=_ORDERED),
    )


def with_heads(rows: "QuerySet[DuplicateTicket]") -> "QuerySet[DuplicateTicket]":
    """Add the names of both households' heads on the cards of the year that was looked through, the heaviest pairs first."""
    names = {
        which: Subquery(
            HouseholdYear.objects.filter(household_id=OuterRef(f"{which}_id"), year__lte=OuterRef("year"))
            .order_by("-year")
            .values("head_name")[:1]
        )
        for which in ("first", "second")
    }
    return (
        rows.select_related("first__division", "second__division", "division", "decided_by")
        .annotate(first_head=names["first"], second_head=names["second"])
        .order_by("-weight", "pk")
    )


def sign_words(ticket: DuplicateTicket) -> list[str]:
    """Return the signs of a pair in words."""
    return [Sign(sign).label for sign in dict.fromkeys(ticket.signs)]
