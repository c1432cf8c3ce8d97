"""Wrong or stale targets: who should not stand on the register, or stands there twice."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce

from registry.codes.duplicates import DuplicateDecision
from registry.models import LIVE, DuplicateTicket, HouseholdLink, HouseholdYear, LinkKind, MemberYear
from registry.reports.audit.questions import Asked, Extra, Group, Param, Subject, question
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.poverty import is_below_line

_HUNDRED: Final = Decimal(100)


def cards_of(asked: Asked) -> "QuerySet[HouseholdYear]":
    """Return the year's cards of households that stand on the register now."""
    return HouseholdYear.objects.visible_to(asked.user).filter(
        year=asked.year, household__status__in=ON_REGISTER
    )


def standing(asked: Asked) -> "QuerySet[HouseholdYear]":
    """Return the year's cards of households that were neither cleared nor closed."""
    return HouseholdYear.objects.visible_to(asked.user).filter(year=asked.year, household__status__in=LIVE)


@question(
    "above-line",
    "在册而收入明显超过标准",
    definition="在册户，该年度人均纯收入高于当年贫困线，且高出的比例大于所填的百分比（按家庭纯收入与贫困线×人口比较，不舍入）。",
    basis="审计署 2017 年第 6 号公告：扶贫对象不精准；政策 §3",
    group=Group.TARGETS,
    params=(Param("percent", "高出贫困线", 100, 0, 1000, "%"),),
)
def above_line(asked: Asked) -> "QuerySet[Any]":
    """Return registered households whose income exceeds the line by more than some per cent."""
    if asked.line is None:
        return cards_of(asked).none()
    limit = asked.line * (_HUNDRED + asked["percent"]) / _HUNDRED
    return cards_of(asked).filter(member_count__gt=0, net_income__gt=F("member_count") * limit)


@question(
    "entered-above",
    "识别时收入不低于标准",
    definition="次年首次识别、按该年度收入应低于贫困线的户，其该年度家庭纯收入不低于贫困线×人口，或没有填收入。",
    basis="审计署 2017 年第 6 号公告：扶贫对象不精准；政策 §1 精准识别",
    group=Group.TARGETS,
)
def entered_above(asked: Asked) -> "QuerySet[Any]":
    """Return households identified in the year after by this year's income, which did not lie below the line."""
    if asked.line is None:
        return standing(asked).none()
    identified = standing(asked).filter(household__first_identified_year=asked.year + 1)
    return identified.filter(~is_below_line(asked.line) | Q(net_income__isnull=True))


@question(
    "same-person",
    "同一姓名和出生日期在两户",
    definition="该年度年末在册的人，姓名、性别、出生日期与另一户的一人完全相同，而证件号码不同。",
    basis="审计署 2017 年第 6 号公告：重复纳入；政策 §1 摸清底数",
    group=Group.TARGETS,
    local=True,
    subject=Subject.PERSON,
)
def same_person(asked: Asked) -> "QuerySet[Any]":
    """Return persons who stand on the cards of two households under two numbers."""
    people = MemberYear.objects.visible_to(asked.user).filter(
        year=asked.year, is_counted=True, is_live=True, member__birth_date__isnull=False
    )
    others = people.filter(
        member__name=OuterRef("member__name"),
        member__sex=OuterRef("member__sex"),
        member__birth_date=OuterRef("member__birth_date"),
    ).exclude(household_year_id=OuterRef("household_year_id"))
    return people.filter(Exists(others))


@question(
    "split",
    "分户后两户都在册或在办",
    definition="经系统分户且未撤销，分出的新户与原户都没有注销、清退，也没有另一人核查认定“分户属实”的。年度不限。",
    basis="审计署 2017 年第 6 号公告：分户、拆户套取；回头看错评情形“分户套取”",
    group=Group.TARGETS,
    subject=Subject.LINK,
)
def split(asked: Asked) -> "QuerySet[Any]":
    """Return splits both of whose households stand and which nobody has justified."""
    links = HouseholdLink.objects.visible_to(asked.user).filter(
        kind=LinkKind.SPLIT, undone_at__isnull=True, household__status__in=LIVE, other__status__in=LIVE
    )
    both = Q(first_id=OuterRef("household_id"), second_id=OuterRef("other_id")) | Q(
        first_id=OuterRef("other_id"), second_id=OuterRef("household_id")
    )
    justified = DuplicateTicket.objects.filter(both, decision=DuplicateDecision.JUSTIFIED)
    return links.filter(~Exists(justified))


def _sharing(asked: Asked, column: str, more_than: int) -> "QuerySet[HouseholdYear]":
    """Return the cards whose number in a column more households gave than so many."""
    cards = standing(asked).filter(**{f"{column}__isnull": False})
    shared = (
        cards.order_by()
        .values(column)
        .annotate(households=Count("household_id", distinct=True))
        .filter(households__gt=more_than)
    )
    mine = shared.filter(**{column: OuterRef(column)}).values("households")[:1]
    return cards.filter(**{f"{column}__in": shared.values(column)}).annotate(sharing=Subquery(mine))


@question(
    "shared-account",
    "同一银行账号用于几户",
    definition="该年度户卡上的银行账号，另有户也填了同一账号（按盲索引比较，不解密）。",
    basis="审计署扶贫审计：一户一卡；数据标准 §1.5",
    group=Group.TARGETS,
    local=True,
    extras=(Extra("银行账号", "bank_account_masked"), Extra("用于几户", "sharing", 0)),
)
def shared_account(asked: Asked) -> "QuerySet[Any]":
    """Return cards whose bank account another household gave too."""
    return _sharing(asked, "bank_account_index", 1)


@question(
    "shared-phone",
    "同一电话用于多户",
    definition="该年度户卡上的联系电话，填同一号码的户数多于所填的户数（按盲索引比较，不解密）。",
    basis="数据标准 §1.5：同一号码用于 3 户以上告警",
    group=Group.TARGETS,
    local=True,
    params=(Param("households", "多于", 3, 1, 100, "户"),),
    extras=(Extra("联系电话", "phone_masked"), Extra("用于几户", "sharing", 0)),
)
def shared_phone(asked: Asked) -> "QuerySet[Any]":
    """Return cards whose telephone more households gave than the standard bears."""
    return _sharing(asked, "phone_index", asked["households"])


@question(
    "empty",
    "空挂户",
    definition="在册户，该年度户卡上没有一名年末在册成员。",
    basis="R-82 空挂户；回头看错评情形“空挂户”",
    group=Group.TARGETS,
    local=True,
)
def empty(asked: Asked) -> "QuerySet[Any]":
    """Return registered households on whose card nobody counts."""
    people = MemberYear.objects.filter(household_year_id=OuterRef("pk"), is_counted=True)
    return cards_of(asked).filter(~Exists(people))


@question(
    "both-allowances",
    "低保金、五保金并领",
    definition="在册户，该年度低保金和五保金都大于零。",
    basis="R-54；程序 §5 两金并领",
    group=Group.TARGETS,
    extras=(Extra("低保金", "tr_dibao", 2), Extra("五保金", "tr_wubao", 2)),
)
def both_allowances(asked: Asked) -> "QuerySet[Any]":
    """Return households that live by both allowances."""
    return cards_of(asked).filter(tr_dibao__gt=0, tr_wubao__gt=0)


@question(
    "copied",
    "同村几户的收入和耕地完全相同",
    definition="在册户，同一村内工资、经营、财产、转移各项收入、经营支出、人口、耕地面积都完全相同的户数，不少于所填的户数；收入全为零的不算。",
    basis="政策 §3 为精准扶贫提供真实依据；账实不符、批量填报的迹象",
    group=Group.TARGETS,
    local=True,
    params=(Param("households", "不少于", 3, 2, 50, "户"),),
    extras=(Extra("相同的户数", "alike", 0),),
)
def copied(asked: Asked) -> "QuerySet[Any]":
    """Return cards of a village that were filled in alike."""
    parts = (
        "division_id",
        "member_count",
        "wage_income",
        "business_income",
        "property_income",
        "transfer_income",
        "business_expense",
        "arable_area",
    )
    alike = Window(Count("pk"), partition_by=[F(part) for part in parts])
    cards = cards_of(asked).annotate(in_all=Coalesce(F("gross_income"), Decimal(0))).filter(in_all__gt=0)
    return cards.annotate(alike=alike).filter(alike__gte=asked["households"])
