"""What counties share by factors, and that it is the main part of the money (§5, funds F-01)."""

from decimal import Decimal

import pytest

from funds.errors import MoneyRefused
from funds.rules.pool import CarveOut, Pool, block_warning, percent_of, pool_of, pool_refusals

WAN = 10_000


def test_what_is_left_is_shared_by_factors() -> None:
    """The example's 9,000 of 12,000 万元, 2,100 of them ordered tasks and 900 the bonus."""
    tasks = [
        CarveOut(Decimal(1500 * WAN), "晋扶〔2014〕3号"),
        CarveOut(Decimal(600 * WAN), "国开办发〔2014〕9号"),
    ]
    pool = pool_of(Decimal(12_000 * WAN), tasks, Decimal(900 * WAN))
    assert pool.amount == 9000 * WAN
    assert (pool.block_share, pool.bonus_share) == (Decimal("75.00"), Decimal("7.50"))
    assert block_warning(pool, 2014) is None


@pytest.mark.parametrize(
    ("total", "carve_outs", "bonus", "field"),
    [
        (100, [CarveOut(Decimal(10), " ")], 0, "carve_outs"),
        (100, [CarveOut(Decimal(0), "晋扶〔2014〕3号")], 0, "carve_outs"),
        (100, [], -1, "bonus_yuan"),
        (100, [CarveOut(Decimal(60), "晋扶〔2014〕3号")], 41, "bonus_yuan"),
    ],
)
def test_what_cannot_be_taken_out(total: int, carve_outs: list[CarveOut], bonus: int, field: str) -> None:
    assert list(pool_refusals(Decimal(total), carve_outs, Decimal(bonus))) == [field]
    with pytest.raises(MoneyRefused):
        pool_of(Decimal(total), carve_outs, Decimal(bonus))


def test_all_of_it_may_be_taken_out() -> None:
    assert pool_refusals(Decimal(100), [CarveOut(Decimal(60), "晋扶〔2014〕3号")], Decimal(40)) == {}


@pytest.mark.parametrize(
    ("carved_out", "warned"),
    [("49.99", False), ("50.00", True), ("50.01", True)],
)
def test_half_is_not_the_main_part(carved_out: str, warned: bool) -> None:
    pool = Pool(Decimal(100), Decimal(carved_out), Decimal(0))
    assert (block_warning(pool, 2014) is not None) is warned


def test_a_part_of_nothing_is_nothing() -> None:
    assert percent_of(Decimal(5), Decimal(0)) == 0
    assert percent_of(Decimal(1), Decimal(3)) == Decimal("33.33")
