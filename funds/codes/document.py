"""Choices of documents, budgets and lists of counties."""

from django.db import models


class FundLevel(models.TextChoices):
    """Whose money a document brings."""

    CENTRAL = "CENTRAL", "中央"
    PROVINCE = "PROVINCE", "省级"


class FundKind(models.TextChoices):
    """What a document's money is for, as the special funds are divided."""

    DEVELOPMENT = "DEVELOPMENT", "发展资金"
    WORK_RELIEF = "WORK_RELIEF", "以工代赈"
    MINORITY = "MINORITY", "少数民族发展"
    STATE_FOREST = "STATE_FOREST", "国有贫困林场扶贫"
    STATE_FARM = "STATE_FARM", "国有贫困农场扶贫"
    INTEREST = "INTEREST", "扶贫贷款贴息"
    OTHER = "OTHER", "其他"


class BudgetKind(models.TextChoices):
    """Whose budget of a year, and for what (policy-trace 4.1)."""

    CENTRAL_TO_PROVINCE = "CENTRAL_TO_PROVINCE", "中央到省"
    PROVINCE = "PROVINCE", "省本级"
    CITY = "CITY", "市级"
    COUNTY = "COUNTY", "县级"
    WORKING = "WORKING", "工作经费"


class DivisionList(models.TextChoices):
    """Lists of divisions that a document names, on which the rules of money look."""

    PROVINCE_DIRECT = "PROVINCE_DIRECT", "省直管县"
    WELL_OFF = "WELL_OFF", "财政收入状况好的市县"
