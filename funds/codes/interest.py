"""Choices of interest subsidies and of the pot that pays them."""

from django.db import models


class ClaimStatus(models.TextChoices):
    """How far an interest subsidy is."""

    DRAFT = "DRAFT", "待批准"
    APPROVED = "APPROVED", "待支付"
    PAID = "PAID", "已支付"
    REFUSED = "REFUSED", "已退回"


class PotKind(models.TextChoices):
    """What happens to a county's interest money (book INTEREST)."""

    TAKE_IN = "TAKE_IN", "转入"
    SET_ASIDE = "SET_ASIDE", "定用途"
    CHANGE = "CHANGE", "改用途"
    SPEND = "SPEND", "划付"
    PAY = "PAY", "支付贴息"


class PotAccount(models.TextChoices):
    """The accounts of the book beside one for each of the four uses."""

    SOURCE = "SOURCE", "贴息专账"
    POT = "POT", "未定用途"
    SPENT = "SPENT", "已划付"
    PAID = "PAID", "已付贴息"
