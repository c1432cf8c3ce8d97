"""What the answer to a question shows of each row: the columns of page and file alike, their order, the page that a row opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from fupin.sheets.resources import Cell, Column, SheetResource
from registry.models import HouseholdYear
from registry.reports.audit.questions import Extra, Question, Subject


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows of a subject are read and shown."""

    columns: Sequence[Extra]
    related: Sequence[str]
    order: Sequence[str]
    url: Callable[[Any], str]
    deferred: Sequence[str] = ()


_PLACE: Final = (Extra("村", "division__name"), Extra("乡镇", "division__parent__name"))


def _card_url(row: Any) -> str:
    return reverse("household_card", args=[row.household.household_no, row.year])


SHAPES: Final[dict[Subject, Shape]] = {
    Subject.CARD: Shape(
        (
            Extra("户编号", "household__household_no"),
            Extra("户主", "head_name"),
            *_PLACE,
            Extra("状态", "household__get_status_display"),
            Extra("人口", "member_count", 0),
            Extra("家庭纯收入", "net_income", 2),
            Extra("人均纯收入", "net_income_pc", 2),
        ),
        ("household", "division__parent"),
        ("division_id", "household_id", "pk"),
        _card_url,
        ("income_lines", "remarks"),
    ),
    Subject.PERSON: Shape(
        (
            Extra("人编号", "member__member_no"),
            Extra("姓名", "member__name"),
            Extra("性别", "member__get_sex_display"),
            Extra("出生日期", "member__birth_date"),
            Extra("证件号码", "member__id_no_masked"),
            Extra("户主", "household_year__head_name"),
            *_PLACE,
        ),
        ("member", "household_year__household", "division__parent"),
        ("member__name_pinyin", "member__birth_date", "pk"),
        lambda row: reverse("household_card", args=[row.household_year.household.household_no, row.year]),
        ("household_year__income_lines", "household_year__remarks"),
    ),
    Subject.HIT: Shape(
        (
            Extra("人编号", "member__member_no"),
            Extra("姓名", "member__name"),
            Extra("户主", "head_name"),
            *_PLACE,
            Extra("户状态", "household__get_status_display"),
            Extra("名册", "get_kind_display"),
            Extra("事项", "fact"),
            Extra("提供单位", "source"),
            Extra("名册截止", "as_of"),
            Extra("姓名一致", "same_name"),
            Extra("核实", "get_state_display"),
        ),
        ("member", "household", "division__parent"),
        ("division_id", "household_id", "pk"),
        lambda row: reverse("household_latest", args=[row.household.household_no]),
    ),
    Subject.LINK: Shape(
        (
            Extra("原户", "household__household_no"),
            Extra("分出的户", "other__household_no"),
            *_PLACE,
            Extra("分户日期", "on"),
            Extra("理由", "reason"),
            Extra("经办人", "done_by__full_name"),
            Extra("原户状态", "household__get_status_display"),
            Extra("新户状态", "other__get_status_display"),
        ),
        ("household", "other", "done_by", "division__parent"),
        ("division_id", "pk"),
        lambda row: reverse("household_history", args=[row.household.household_no]),
    ),
    Subject.MEASURE: Shape(
        (
            Extra("日期", "on"),
            Extra("种类", "get_kind_display"),
            Extra("内容", "content"),
            *_PLACE,
            Extra("金额", "amount", 2),
            Extra("资金来源", "money_source"),
            Extra("责任人", "person__name"),
        ),
        ("person", "division__parent"),
        ("division_id", "on", "pk"),
        lambda row: reverse("help_measure_page", args=[row.pk]),
    ),
    Subject.RECIPIENT: Shape(
        (
            Extra("户编号", "household__household_no"),
            Extra("户主", "head_name"),
            *_PLACE,
            Extra("户状态", "household__get_status_display"),
            Extra("措施日期", "measure__on"),
            Extra("种类", "measure__get_kind_display"),
            Extra("内容", "measure__content"),
            Extra("应到户金额", "amount", 2),
            Extra("享受止期", "runs_until"),
        ),
        ("household", "measure", "division__parent"),
        ("division_id", "household_id", "pk"),
        lambda row: reverse("help_recipient", args=[row.pk]),
    ),
}


def shaped(question: Question, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return the rows with all that their columns read, in a fixed order."""
    shape = SHAPES[question.subject]
    if question.subject in {Subject.RECIPIENT, Subject.HIT}:
        names = HouseholdYear.objects.filter(household_id=OuterRef("household_id")).order_by("-year")
        rows = rows.annotate(head_name=Subquery(names.values("head_name")[:1]))
    rows = rows.select_related(*shape.related)
    return (rows.defer(*shape.deferred) if shape.deferred else rows).order_by(*shape.order)


def _fixed(decimals: int) -> Callable[[Any], Cell]:
    return lambda value: round(Decimal(value), decimals) if decimals else int(value)


def _plain(value: Any) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if hasattr(value, "isoformat") else str(value)


def resource_of(question: Question) -> SheetResource:
    """Return the columns of the answer, those of the subject and the question's own."""
    resource = SheetResource()
    columns = [*SHAPES[question.subject].columns, *question.extras]
    resource.columns = tuple(
        Column(
            one.heading,
            one.attribute,
            said=_plain if one.decimals is None else _fixed(one.decimals),
            decimals=one.decimals,
        )
        for one in columns
    )
    return resource
