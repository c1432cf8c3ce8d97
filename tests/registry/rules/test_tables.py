"""Tables of fields that remember what they have found right say the same as ones that see a row for the first time."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings, strategies as st

from registry.rules.tables import TableCheck
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from registry.standard.member import MEMBER

TODAY = date(2014, 9, 1)
FIELDS = {"户": HOUSEHOLD_YEAR, "收入": INCOME, "条件": CONDITION, "成员": MEMBER}
REMEMBERING = {name: TableCheck(fields) for name, fields in FIELDS.items()}

VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["", "01", "1", "02", "99", "张建国", "x" * 1001, "\x00"]),
    st.sampled_from([0, 1, 2, 12, 13, 1900, 2014, 2200, -1]),
    st.sampled_from(
        [Decimal(0), Decimal(1), Decimal("1.5"), Decimal("1.555"), Decimal(-1), Decimal("1E+15")]
    ),
    st.sampled_from([TODAY, TODAY + timedelta(days=1), date(1950, 1, 1)]),
    st.sampled_from([(), ("01",), ("01", "zz")]),
)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_what_was_right_once_makes_nothing_else_right(data: st.DataObject) -> None:
    """1 is not 是, and a day that was past is not past on the day before."""
    name = data.draw(st.sampled_from(sorted(FIELDS)))
    entered = [field.name for field in FIELDS[name] if field.need != "D" and field.kind != "file"]
    kinds = {field.name: field.kind for field in FIELDS[name]}
    row = {
        one: data.draw(VALUES.filter(tuple_only_of_sets(kinds[one])))
        for one in data.draw(st.lists(st.sampled_from(entered), max_size=12, unique=True))
    }
    today = data.draw(st.sampled_from([TODAY, TODAY + timedelta(days=2)]))
    for check in (REMEMBERING[name], REMEMBERING[name]):
        assert list(check.of_mapping(row, today)) == list(TableCheck(FIELDS[name]).of_mapping(row, today))


def tuple_only_of_sets(kind: str) -> Any:
    """Return what keeps a set of codes to fields that hold sets, which hold nothing else."""
    return lambda value: value in (None, "") or isinstance(value, tuple) == (kind == "enums")
