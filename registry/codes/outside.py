"""Codes of other departments' lists and of what becomes of the people found on them; the standard gives none, so they are named here."""

from django.db import models


class ListKind(models.TextChoices):
    """What a list says of the people on it (procedures §4.2, §5; 国务院扶贫办“一比对”)."""

    DIBAO = "DIBAO", "农村低保"
    WUBAO = "WUBAO", "五保供养"
    PAYROLL = "PAYROLL", "财政供养"
    VEHICLE = "VEHICLE", "车辆"
    PROPERTY = "PROPERTY", "商品房"
    BUSINESS = "BUSINESS", "工商登记"
    DEATH = "DEATH", "死亡"
    DISABILITY = "DISABILITY", "残疾人证"


class HitState(models.TextChoices):
    """What has been found out about a hit; `MENDED` is also written by the database, when the card has come to say the same."""

    OPEN = "OPEN", "待核实"
    NOT_SAME = "NOT_SAME", "不是本人"
    WAIVED = "WAIVED", "属实，不影响认定"
    CONFIRMED = "CONFIRMED", "属实"
    MENDED = "MENDED", "户卡已改正"


class Answer(models.TextChoices):
    """What civil affairs answers to a slip, household by household."""

    DIBAO = "DIBAO", "纳入农村低保"
    WUBAO = "WUBAO", "纳入五保供养"
    DECLINED = "DECLINED", "不符合条件"
