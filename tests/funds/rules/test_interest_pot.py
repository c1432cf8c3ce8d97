"""One pot of interest money and its four uses (policy-trace 13.7)."""

from decimal import Decimal

import pytest

from funds.rules.interest_pot import PotUse, change_refusals, left_in_pot, leverage, set_aside_refusals

USED = {PotUse.DIRECT: Decimal(600), PotUse.VILLAGE_SHARE: Decimal(300)}


def test_there_are_four_uses() -> None:
    assert [one.label for one in PotUse] == [
        "直接贴息",
        "再担保公司资本金",
        "村级互助组织政府配股",
        "扶贫贷款支持保障基金",
    ]


@pytest.mark.parametrize(
    ("amount", "refused"), [("100.00", False), ("100.01", True), ("0", True), ("-1", True)]
)
def test_the_four_never_come_to_more_than_the_pot(amount: str, refused: bool) -> None:
    assert left_in_pot(Decimal(1000), USED) == 100
    assert bool(set_aside_refusals(Decimal(1000), USED, amount=Decimal(amount))) is refused


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"document_no": " "}, ["document_no"]),
        ({"target": "DIRECT"}, ["target"]),
        ({"target": "OFFICE"}, ["target"]),
        ({"amount": Decimal("200.01")}, ["amount_yuan"]),
        ({"amount": Decimal(0)}, ["amount_yuan"]),
        ({"source": "RISK_FUND", "amount": Decimal(1), "spent": Decimal(0)}, ["amount_yuan"]),
    ],
)
def test_a_change_of_use_has_its_document(changed: dict[str, object], fields: list[str]) -> None:
    asked = {
        "source": "DIRECT",
        "target": "REGUARANTEE",
        "amount": Decimal("200.00"),
        "spent": Decimal(400),
        "document_no": "晋财农〔2014〕20号",
    } | changed
    assert list(change_refusals(USED, **asked)) == fields  # type: ignore[arg-type]


def test_leverage() -> None:
    assert leverage(Decimal(3320), finance=Decimal(66_400), social=Decimal(0)) == Decimal("20.00")
    assert leverage(Decimal(0), finance=Decimal(5), social=Decimal(5)) is None
