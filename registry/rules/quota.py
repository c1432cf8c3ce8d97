"""规模控制: quotas shared out from level to level, and the line that a village's quota draws through its applicants (procedures §2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Final

from fupin.lib.apportion import apportion
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.rules.poverty import below_line

HUNDREDTH: Final = Decimal("0.01")


class QuotaMode(IntEnum):
    """How strictly a quota binds."""

    OFF = 0
    SOFT = 1
    HARD = 2


@cites("§1", "规模控制、分级负责、精准识别、动态管理")
def quota_mode(year: int) -> QuotaMode:
    """Return whether quotas bind in a year: hard from 2014 on, off from 2017 on, when all who are poor were to be taken in."""
    return QuotaMode(int(figure("quota_mode", year)))


def weight_of(rural_population: int, rate: Decimal) -> Decimal:
    """Return 乡村人口 × 贫困发生率 of a division, the rate in percent: the persons who are presumably poor."""
    return rural_population * rate / 100


@dataclass(frozen=True, slots=True)
class Share:
    """A division's part of a quota: its exact share, the whole persons of it, and whether a remainder added one."""

    division: int
    weight: Decimal
    exact: Fraction
    persons: int

    @property
    def raised(self) -> int:
        """How many persons the remainder added: one or none."""
        return self.persons - int(self.exact)

    @property
    def shown(self) -> Decimal:
        """The exact share to two places, for show."""
        return (Decimal(self.exact.numerator) / self.exact.denominator).quantize(HUNDREDTH, ROUND_HALF_UP)


@cites("§1", "规模控制、分级负责、精准识别、动态管理")
def shared_out(persons: int, weights: Mapping[int, Decimal]) -> list[Share]:
    """Share a quota out to the divisions below by weight, largest remainders first; the shares add up to it. Raise CannotShare."""
    units = apportion(persons, weights)
    whole = sum((Fraction(weight) for weight in weights.values()), Fraction(0)) or Fraction(1)
    return [
        Share(code, weight, persons * Fraction(weight) / whole, units[code])
        for code, weight in sorted(weights.items())
    ]


@cites("§1", "规模控制、分级负责、精准识别、动态管理")
def room_left(quota: int, standing: int) -> int:
    """Return the persons whom a quota leaves for applicants: those on the register already take up theirs (各级在册人口 ≤ 本级规模)."""
    return max(quota - standing, 0)


class Standing(StrEnum):
    """Where the quota's line leaves an applicant."""

    LISTED = "列入"
    RESERVE = "备选"
    ABOVE = "不低于标准"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What decides an applicant's place: net income in yuan of the year before, and the persons it feeds."""

    key: str
    net_income: Decimal
    members: int
    counts: bool = True
    """False for a household of a provincial or city standard, which takes up no national quota."""


@dataclass(frozen=True, slots=True)
class Place:
    """An applicant in his place, with all persons up to him, what becomes of him and why."""

    number: int
    applicant: Applicant
    running: int
    standing: Standing
    hint: str = ""


@cites("§1", "规模控制、分级负责、精准识别、动态管理")
def ranked(applicants: Iterable[Applicant], *, quota: int | None, line: Decimal | None) -> Sequence[Place]:
    """Return the applicants by income per head from the lowest, unrounded, the quota's line drawn through them.

    A household is never split: the first that no longer fits stands as 备选 whole, and so do all behind it, with the reason; nobody
    is left out. Without a quota (mode off) all below the line are listed. Equal incomes go by household number.
    """
    ordered = sorted(
        (one for one in applicants if one.members),
        key=lambda one: (Fraction(one.net_income) / one.members, one.key),
    )
    places, listed, running, full = [], 0, 0, False
    for number, one in enumerate(ordered, start=1):
        takes = one.members if one.counts else 0
        if line is not None and one.counts and not below_line(one.net_income, one.members, line):
            places.append(Place(number, one, running, Standing.ABOVE, "等于或高于标准，不得列入"))
            continue
        running += takes
        if quota is None or (not full and listed + takes <= quota):
            listed += takes
            places.append(Place(number, one, running, Standing.LISTED))
            continue
        left = quota - listed
        behind = f"余 {left} 人，递补须再评议" if takes <= left else "规模已满"
        hint = behind if full else f"整户 {takes} 人，余 {left} 人：一户不可拆"
        full = True
        places.append(Place(number, one, running, Standing.RESERVE, hint))
    return places
