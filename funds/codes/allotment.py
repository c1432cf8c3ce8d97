"""Choices of factors, schemes and allotments."""

from django.db import models


class Direction(models.TextChoices):
    """Whether more of a factor brings more money or less (F-01)."""

    UP = "UP", "正向"
    DOWN = "DOWN", "反向"


class FactorCode(models.TextChoices):
    """The four factors of §5; others are added as rows, not here."""

    POOR_POPULATION = "POOR_POPULATION", "农村贫困人口"
    NET_INCOME = "NET_INCOME", "农民人均纯收入"
    FISCAL_PER_HEAD = "FISCAL_PER_HEAD", "人均地方财力"
    PERFORMANCE = "PERFORMANCE", "绩效考评结果"


class SchemeStatus(models.TextChoices):
    """Where a scheme stands between who drafts and who approves it."""

    DRAFT = "DRAFT", "试算"
    SUBMITTED = "SUBMITTED", "待复核"
    APPROVED = "APPROVED", "已定案"
    RETURNED = "RETURNED", "已退回"


class AllotmentSource(models.TextChoices):
    """By which way money of a document comes to a county."""

    SCHEME = "SCHEME", "因素法切块"
    CARVE_OUT = "CARVE_OUT", "重大任务单列"
    REDISTRIBUTION = "REDISTRIBUTION", "归还资金调剂"
    PROVINCE_PROJECT = "PROVINCE_PROJECT", "省级审批项目"


class LineKind(models.TextChoices):
    """Where money of an appropriation stands on its way (book FUNDS); the balances of an appropriation add up to nothing."""

    SOURCE = "SOURCE", "资金来源"
    PROVINCE = "PROVINCE", "省级未下达"
    CITY = "CITY", "市级未转下"
    TRANSIT = "TRANSIT", "在途"
    COUNTY = "COUNTY", "县级未落实"
    PROJECT = "PROJECT", "已落实到项目"
    LEDGER = "LEDGER", "已落实到专账"
    PAID = "PAID", "已支付未验收"
    ACCEPTED = "ACCEPTED", "已验收"
    STRANDED = "STRANDED", "滞留应还"
    RETURNING = "RETURNING", "归还在途"
    POOL = "POOL", "归还待调剂"


class NamedLedger(models.TextChoices):
    """专账: what besides projects of the pool money may be placed on, and nothing else."""

    WORKING = "WORKING", "工作经费"
    SERVICES = "SERVICES", "购买社会服务"
    INTEREST = "INTEREST", "贷款贴息"
    VILLAGE_FUND = "VILLAGE_FUND", "村级互助资金"
    GUARANTEE = "GUARANTEE", "担保与风险补偿"


class Movement(models.TextChoices):
    """What happens to money on its way; from where to where says `funds.rules.moves`."""

    REGISTER = "REGISTER", "登记入账"
    ISSUE = "ISSUE", "下达"
    PASS = "PASS", "市级转下"
    RECEIVE = "RECEIVE", "县级到账"
    PLACE = "PLACE", "落实"
    UNPLACE = "UNPLACE", "收回落实"
    PAY = "PAY", "支付"
    ACCEPT = "ACCEPT", "验收"
    RECOVER = "RECOVER", "追回"
    STRAND = "STRAND", "滞留认定"
    SEND = "SEND", "归还"
    RETURNED = "RETURNED", "归还到账"
    REDISTRIBUTE = "REDISTRIBUTE", "调剂"
