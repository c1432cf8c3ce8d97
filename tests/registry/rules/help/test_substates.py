"""N1–N4: each mark only after the ones before it."""

import pytest

from registry.rules.help.substates import Substate, substate


@pytest.mark.parametrize(
    ("paired", "planned", "signed", "is_now"),
    [
        (False, False, False, "N1"),
        (False, True, True, "N1"),
        (True, False, False, "N2"),
        (True, False, True, "N2"),
        (True, True, False, "N3"),
        (True, True, True, "N4"),
    ],
)
def test_a_mark_comes_after_those_before_it(paired: bool, planned: bool, signed: bool, is_now: str) -> None:
    assert substate(paired=paired, planned=planned, signed=signed) == Substate(is_now)
