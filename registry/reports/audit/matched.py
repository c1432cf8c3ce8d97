"""Owners of cars, houses and firms, people on the public payroll, the dead: what the match with other departments' lists found."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from registry.codes.outside import ListKind
from registry.models import MatchHit
from registry.reports.audit.questions import Asked, Group, Rows, Subject, question
from registry.rules.help.after_exit import ON_REGISTER


def _hits(kind: ListKind) -> Callable[[Asked], "QuerySet[Any]"]:
    """Return the query of the hits of one kind of list on registered households that nobody has explained or mended."""

    def rows(asked: Asked) -> "QuerySet[Any]":
        hits = MatchHit.objects.visible_to(asked.user).unsettled()
        return hits.filter(kind=kind, household__status__in=ON_REGISTER)

    return rows


def _asks(code: str, kind: ListKind, name: str, what: str) -> Rows:
    """Register the question about one kind of list."""
    return question(
        code,
        name,
        definition=f"在册户的成员，按身份号码比对{what}，命中待核实，或核实属实而未改正、未清退。年度不限，以已装入的名册为准。",
        basis="审计署 2017 年第 6 号公告：扶贫对象不精准；程序 §4.2 一比对",
        group=Group.TARGETS,
        subject=Subject.HIT,
    )(_hits(kind))


payroll = _asks("payroll", ListKind.PAYROLL, "财政供养人员在册", "出现在财政供养名册上")
vehicle = _asks("vehicle", ListKind.VEHICLE, "有机动车", "出现在公安车辆名册上")
property_owner = _asks("property", ListKind.PROPERTY, "有商品房", "出现在住建商品房名册上")
business = _asks("business", ListKind.BUSINESS, "办有企业、个体工商户", "出现在工商登记名册上")
death = _asks("death", ListKind.DEATH, "死亡人员仍在册", "出现在公安死亡名册上")
