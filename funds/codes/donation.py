"""Choices of the book of gifts."""

from django.db import models


class GiftAccount(models.TextChoices):
    """The accounts of the book DONATION: where gifts come from, one for each gift, and where they went."""

    SOURCE = "SOURCE", "社会捐赠"
    GIFT = "GIFT", "捐赠结余"
    SPENT = "SPENT", "已支出"


class GiftAct(models.TextChoices):
    """What happens to gifts."""

    RECEIVE = "RECEIVE", "收到捐赠"
    SPEND = "SPEND", "支出"
