"""奖励资金: a pool shared out by results, and whether it grew (funds F-02, policy-trace 5.2, 16.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import models

from funds.errors import MoneyRefused
from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.apportion import CannotShare, apportion
from fupin.lib.money import FEN, whole_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class Grade(models.TextChoices):
    """考核等次."""

    A = "A", "A 好"
    B = "B", "B 较好"
    C = "C", "C 一般"
    D = "D", "D 较差"


_PART: Final = {
    Grade.A: "grade_a_part",
    Grade.B: "grade_b_part",
    Grade.C: "grade_c_part",
    Grade.D: "grade_d_part",
}
_FROM: Final = ((Grade.A, "grade_a_from"), (Grade.B, "grade_b_from"), (Grade.C, "grade_c_from"))


def grade_of(score: Decimal, year: int) -> Grade:
    """Return the grade of a score: from 90 A, from 80 B, from 60 C, else D."""
    return next((grade for grade, key in _FROM if score >= figure(key, year)), Grade.D)


@dataclass(frozen=True, slots=True)
class Result:
    """A county's assessment: its grade, the number of the document that says so, and whether it was called to account (约谈、问责)."""

    grade: Grade
    assessment_no: str
    called_to_account: bool = False


@cites("§5", "强化以结果为导向的资金竞争性分配机制")
def coefficient(result: Result, year: int) -> Decimal:
    """Return with how much of a full part a county takes part in the bonus; one called to account with none."""
    return figure("named_part" if result.called_to_account else _PART[result.grade], year)


@cites("§16", "对增收幅度大、减贫速度快、扶贫成效明显的县,加大扶贫资金项目扶持力度")
def result_refusals(results: Mapping[int, Result]) -> Refusals:
    """Return a refusal where a county's grade rests on no assessment: without a number nobody can look it up."""
    bare = [str(code) for code, one in sorted(results.items()) if not one.assessment_no.strip()]
    return {"assessment_no": "缺考核结果编号：" + "、".join(bare)} if bare else {}


@cites("§5", "强化以结果为导向的资金竞争性分配机制,大幅提高财政扶贫资金奖励规模")
def by_grade(pool: Decimal, results: Mapping[int, Result], year: int) -> dict[int, Decimal]:
    """Return each county's bonus in yuan by grade, to the fen; they add up to the pool. Raise MoneyRefused."""
    if refused := result_refusals(results):
        raise MoneyRefused(refused)
    return by_coefficients(pool, {code: coefficient(one, year) for code, one in results.items()})


@cites("§5", "强化以结果为导向的资金竞争性分配机制")
def by_rank(pool: Decimal, ranks: Mapping[int, int], parts: Sequence[Decimal]) -> dict[int, Decimal]:
    """Return each county's bonus by rank: the first takes ``parts[0]``, …, whoever stands behind the last of them nothing.

    Equal ranks take equal parts. Raise MoneyRefused.
    """
    return by_coefficients(
        pool,
        {code: parts[rank - 1] if 0 < rank <= len(parts) else Decimal(0) for code, rank in ranks.items()},
    )


def by_coefficients(pool: Decimal, coefficients: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Share a bonus pool out by coefficients, to the fen, largest remainders first; raise MoneyRefused where nobody has one."""
    try:
        fen = apportion(whole_fen(pool), coefficients)
    except CannotShare as nobody:
        raise MoneyRefused({"bonus_yuan": "没有一个县的奖励系数大于零，奖励资金无法分配"}) from nobody
    return {code: FEN * amount for code, amount in sorted(fen.items())}


@cites("§5", "大幅提高财政扶贫资金奖励规模")
def bonus_warning(
    bonus: Decimal, total: Decimal, *, bonus_before: Decimal, total_before: Decimal
) -> str | None:
    """Return a warning where the bonus's part of the money did not rise on the year before; None in a first year."""
    if not total_before or bonus * total_before > bonus_before * total:
        return None
    return f"奖励占 {percent_of(bonus, total)}%，上年 {percent_of(bonus_before, total_before)}%，未提高"
