"""Cases of misuse: their kinds and their way (funds F-17)."""

from decimal import Decimal

import pytest

from funds.rules.supervision import NEXT, CaseStage, Findings, Wrong, step_refusals

FULL = Findings(
    wrong=Wrong.DIVERSION,
    finding="截留项目款",
    amount=Decimal(20_000),
    responsible="某某",
    sanction="PARTY",
    sanction_no="晋纪〔2014〕8号",
    mended="已追回",
)


def test_the_seven_kinds() -> None:
    assert [one.label for one in Wrong] == [
        "虚报冒领",
        "截留挪用",
        "重复申报",
        "优亲厚友",
        "未公示",
        "逾期滞留",
        "浪费损毁",
    ]


@pytest.mark.parametrize("stage", list(CaseStage))
@pytest.mark.parametrize("to", list(CaseStage))
def test_no_stage_is_skipped(stage: CaseStage, to: CaseStage) -> None:
    allowed = to in NEXT[stage]
    assert step_refusals(stage, to, FULL) == (
        {} if allowed else {"stage": "须按 线索登记、核查、处理、整改、销号 依次办理"}
    )


@pytest.mark.parametrize(
    ("stage", "to", "found", "fields"),
    [
        ("CLUE", "CHECKED", Findings(), ["finding"]),
        ("CHECKED", "UNFOUNDED", Findings(finding=" "), ["finding"]),
        (
            "CHECKED",
            "DEALT_WITH",
            Findings(),
            ["wrong", "amount_yuan", "responsible", "sanction", "sanction_no"],
        ),
        (
            "CHECKED",
            "DEALT_WITH",
            Findings(wrong="UNDISCLOSED", amount=Decimal(0), responsible="某某", sanction="NONE"),
            [],
        ),
        (
            "CHECKED",
            "DEALT_WITH",
            Findings(wrong="WASTE", amount=Decimal(-1), responsible="某某", sanction="NONE"),
            ["amount_yuan"],
        ),
        ("DEALT_WITH", "MENDED", Findings(), ["mended"]),
        ("MENDED", "CLOSED", Findings(), ["mended"]),
        ("NOWHERE", "CLOSED", FULL, ["stage"]),
    ],
)
def test_what_each_stage_asks_for(stage: str, to: str, found: Findings, fields: list[str]) -> None:
    assert list(step_refusals(stage, to, found)) == fields
