"""Exits on expected income, or without the guarantees."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fupin.policy.standards import figure
from registry.codes import DANGEROUS_LEVELS, HouseholdStatus, Student
from registry.models import HouseholdYear, MemberYear
from registry.reports.audit.questions import Asked, Group, Param, question
from registry.rules.poverty import is_above_line


def cards_at_exit(asked: Asked) -> "QuerySet[HouseholdYear]":
    """Return the cards of the year in which their households left the register."""
    return HouseholdYear.objects.visible_to(asked.user).filter(
        year=asked.year, household__status=HouseholdStatus.EXITED, household__exit_year=asked.year
    )


@question(
    "exit-income",
    "退出时收入未超过标准",
    definition="该年度脱贫的户，当年家庭纯收入没有超过贫困线×人口（恰在线上不算超过），或没有填收入。",
    basis="审计署 2017 年第 6 号公告：按预计收入脱贫；R-93；政策 §3",
    group=Group.EXITS,
)
def exit_income(asked: Asked) -> "QuerySet[Any]":
    """Return exits without the income that an exit asks for."""
    if asked.line is None:
        return cards_at_exit(asked).none()
    return cards_at_exit(asked).filter(~is_above_line(asked.line) | Q(net_income__isnull=True))


@question(
    "exit-edge",
    "踩线退出",
    definition="该年度脱贫的户，当年家庭纯收入超过贫困线×人口，但高出的比例不大于所填的百分比。",
    basis="审计署 2017 年第 6 号公告：按预计收入脱贫；退出意见“稳定超过”",
    group=Group.EXITS,
    params=(Param("percent", "高出贫困线不大于", 2, 1, 50, "%"),),
)
def exit_edge(asked: Asked) -> "QuerySet[Any]":
    """Return exits whose income lies just above the line."""
    if asked.line is None:
        return cards_at_exit(asked).none()
    limit = asked.line * (Decimal(100) + asked["percent"]) / Decimal(100)
    return cards_at_exit(asked).filter(is_above_line(asked.line), net_income__lte=F("member_count") * limit)


@question(
    "exit-guarantees",
    "退出时保障缺项",
    definition="该年度脱贫的户，当年户卡上住 C、D 级危房，或饮水不安全（未填亦算），或有义务教育阶段失学辍学的成员，"
    "或有成员没有参加新农合。",
    basis="审计署 2017 年第 6 号公告：脱贫户保障未落实；R-93",
    group=Group.EXITS,
)
def exit_guarantees(asked: Asked) -> "QuerySet[Any]":
    """Return exits without house, water, school or doctor; twin of `registry.rules.exit_conditions` but for income."""
    first, last = (int(figure(key, asked.year)) for key in ("compulsory_from", "compulsory_to"))
    people = MemberYear.objects.filter(household_year_id=OuterRef("pk"), is_counted=True)
    dropouts = people.filter(
        student=Student.NOT_AT_SCHOOL,
        member__birth_date__year__gte=asked.year - last,
        member__birth_date__year__lte=asked.year - first,
    )
    uninsured = people.filter(Q(in_ncms=False) | Q(in_ncms__isnull=True))
    house = Q(danger_level__in=DANGEROUS_LEVELS)
    water = Q(water_safe=False) | Q(water_safe__isnull=True)
    return cards_at_exit(asked).filter(house | water | Exists(dropouts) | Exists(uninsured))
