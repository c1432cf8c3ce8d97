"""Help that went wrong: after the exit, not delivered, split evenly, to nobody by name, without a link of interests."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from registry.models import AssistEffect, AssistMeasure
from registry.reports.audit.questions import Asked, Extra, Group, Param, Subject, question
from registry.reports.help.waiting import naming_nobody, not_reached, to_stop


def measures_of(asked: Asked) -> "QuerySet[AssistMeasure]":
    """Return the measures of the year that stand."""
    return AssistMeasure.objects.visible_to(asked.user).filter(on__year=asked.year, withdrawn_on__isnull=True)


@question(
    "after-exit",
    "脱贫后仍在享受",
    definition="已脱贫或已清退、注销的户，停止享受之日后仍在期内或还没有到户、也没有办理停付或按合同办结的帮扶。年度不限，以今天为准。",
    basis="政策 §3 脱贫人口不再享受扶贫政策；审计署 2017 年第 6 号公告：违规享受",
    group=Group.HELP,
    subject=Subject.RECIPIENT,
)
def after_exit(asked: Asked) -> "QuerySet[Any]":
    """Return what still runs or waits for households that have left."""
    return to_stop(asked.user, asked.on)


@question(
    "not-delivered",
    "帮扶长期没有到户",
    definition="该年度的帮扶措施，满所填天数仍没有到户或没有到足，也没有停付。",
    basis="政策 §2 到户到人、直接用于扶贫对象；审计署公告：资金闲置",
    group=Group.HELP,
    subject=Subject.RECIPIENT,
    params=(Param("days", "措施满", 90, 1, 1000, "天"),),
    extras=(Extra("已到户金额", "delivered", 2),),
)
def not_delivered(asked: Asked) -> "QuerySet[Any]":
    """Return help that has not reached whom it was meant for."""
    before = asked.on - timedelta(days=asked["days"])
    return not_reached(asked.user).filter(measure__on__year=asked.year, measure__on__lte=before)


@question(
    "evenly-split",
    "平均分配",
    definition="该年度的帮扶措施，受益户不少于所填户数，各户应到户金额都大于零且完全相同，没有按需要分配。",
    basis="审计署 2017 年第 6 号公告：平均主义、撒胡椒面",
    group=Group.HELP,
    subject=Subject.MEASURE,
    params=(Param("households", "受益户不少于", 5, 2, 1000, "户"),),
    extras=(Extra("受益户数", "households", 0), Extra("每户金额", "each", 2)),
)
def evenly_split(asked: Asked) -> "QuerySet[Any]":
    """Return measures that brought every household the same amount."""
    counted = measures_of(asked).annotate(
        households=Count("recipients__household_id", distinct=True),
        each=Min("recipients__amount"),
        most=Max("recipients__amount"),
        without=Count("recipients", filter=Q(recipients__amount__isnull=True)),
    )
    return counted.filter(households__gte=asked["households"], each__gt=0, each=F("most"), without=0)


@question(
    "to-nobody",
    "到户措施没有名单",
    definition="该年度领导包村增收、驻村工作队帮扶的项目，没有登记任何受益户。",
    basis="政策 §2 领导干部包村增收和工作队帮扶项目要到户到人",
    group=Group.HELP,
    subject=Subject.MEASURE,
)
def to_nobody(asked: Asked) -> "QuerySet[Any]":
    """Return the leaders' and teams' measures that name no household."""
    return naming_nobody(asked.user).filter(on__year=asked.year)


@question(
    "weak-link",
    "利益联结不实",
    definition="该年度由企业、合作组织、大户、经纪人等带动主体实施的措施，满所填月数没有一户确认增收。",
    basis="政策 §2 利益联结机制；审计署 2017 年第 6 号公告：利益联结薄弱",
    group=Group.HELP,
    subject=Subject.MEASURE,
    params=(Param("months", "措施满", 12, 1, 60, "个月"),),
    extras=(Extra("带动主体", "led_by"),),
)
def weak_link(asked: Asked) -> "QuerySet[Any]":
    """Return measures led by an enterprise, a cooperative or the like from which no household confirmed a gain."""
    before = asked.on - timedelta(days=asked["months"] * 365 // 12)
    gains = AssistEffect.objects.filter(
        recipient__measure_id=OuterRef("pk"), confirmed_on__isnull=False, income_gain__gt=0
    )
    return measures_of(asked).filter(~Q(led_by=""), ~Exists(gains), on__lte=before)
