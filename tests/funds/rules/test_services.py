"""Services bought: the example of funds F-09, the catalogue, the procedure."""

from datetime import date

import pytest

from funds.rules.services import (
    Engagement,
    Procedure,
    catalogue_refusals,
    conflict_refusals,
    conflicts,
    procedure_refusals,
)

JIA = Engagement("91140000000000001X", "甲公司", "EXECUTION")


def other(firm: str, name: str, kind: str, controller: str = "") -> Engagement:
    return Engagement(firm, name, kind, controller)


def test_the_worked_example() -> None:
    """甲 carries out and would accept: refused. 乙 accepts, 丙 supervises: passes."""
    assert conflict_refusals([JIA, other(JIA.firm, "甲公司", "ACCEPTANCE")]) == {
        "firm": "甲公司已实施本项目，不得又作项目验收"
    }
    assert conflicts([JIA, other("B", "乙公司", "ACCEPTANCE"), other("C", "丙公司", "SUPERVISION")]) == []


@pytest.mark.parametrize(
    ("parties", "refused"),
    [
        pytest.param([JIA, other("B", "乙公司", "ASSESSMENT", JIA.firm)], True, id="a firm of its own"),
        pytest.param(
            [other("A", "甲公司", "EXECUTION", "张三"), other("B", "乙公司", "SUPERVISION", "张三")],
            True,
            id="one owner of both",
        ),
        pytest.param(
            [
                other("A", "甲公司", "EXECUTION"),
                other("B", "乙公司", "PLANNING", "A"),
                other("C", "丙公司", "ACCEPTANCE", "B"),
            ],
            True,
            id="through a third",
        ),
        pytest.param(
            [other("A", "甲公司", "EXECUTION", "张三"), other("B", "乙公司", "SUPERVISION", "李四")],
            False,
            id="two owners",
        ),
        pytest.param([JIA, other(JIA.firm, "甲公司", "PLANNING")], False, id="planning is no watching"),
        pytest.param(
            [other("B", "乙公司", "ASSESSMENT"), other("B", "乙公司", "ACCEPTANCE")],
            False,
            id="watching twice",
        ),
    ],
)
def test_who_carries_out_does_not_watch(parties: list[Engagement], refused: bool) -> None:
    assert bool(conflicts(parties)) is refused


def test_a_common_owner_is_named() -> None:
    found = conflicts([JIA, other("B", "乙公司", "ACCEPTANCE", JIA.firm)])
    assert str(found[0]) == "乙公司与实施方甲公司为同一控制人，不得作项目验收"


@pytest.mark.parametrize(
    ("code", "pilot", "fields"),
    [
        ("A0101", True, []),
        ("", True, ["catalogue_code"]),
        ("Z", True, ["catalogue_code"]),
        ("A0101", False, ["division"]),
    ],
)
def test_only_what_the_catalogue_lists_and_only_in_pilots(code: str, pilot: bool, fields: list[str]) -> None:
    assert list(catalogue_refusals(code, catalogue={"A0101"}, pilot=pilot)) == fields


FIRST, SECOND, THIRD = date(2014, 6, 1), date(2014, 6, 20), date(2014, 6, 25)


@pytest.mark.parametrize(
    ("procedure", "fields"),
    [
        (Procedure(FIRST, "公1", SECOND, "乙公司中选", THIRD, "合1"), []),
        (Procedure(FIRST, "公1", FIRST, "乙公司中选", FIRST, "合1"), []),
        (Procedure(None, "公1", SECOND, "乙公司中选", THIRD, "合1"), ["announced_on"]),
        (Procedure(FIRST, " ", SECOND, "乙公司中选", THIRD, "合1"), ["announced_on"]),
        (Procedure(FIRST, "公1", SECOND, "", THIRD, "合1"), ["chosen_on"]),
        (Procedure(SECOND, "公1", FIRST, "乙公司中选", THIRD, "合1"), ["chosen_on"]),
        (Procedure(FIRST, "公1", THIRD, "乙公司中选", SECOND, "合1"), ["signed_on"]),
        (Procedure(FIRST, "公1", SECOND, "乙公司中选", None, ""), ["signed_on"]),
        (Procedure(None, "", None, "", None, ""), ["announced_on", "chosen_on", "signed_on"]),
    ],
)
def test_the_procedure_is_open_and_in_order(procedure: Procedure, fields: list[str]) -> None:
    assert list(procedure_refusals(procedure)) == fields
