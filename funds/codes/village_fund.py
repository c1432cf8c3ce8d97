"""Choices of the village funds."""

from django.db import models


class FundAccount(models.TextChoices):
    """Where a fund's money stands (book VILLAGE_FUND); what it has equals what it consists of, so that all come to nothing."""

    CASH = "CASH", "现金存款"
    LOAN = "LOAN", "在借"
    GOVERNMENT = "GOVERNMENT", "政府配股"
    SHARE = "SHARE", "农户入股"
    DONATION = "DONATION", "社会捐赠"
    FEE = "FEE", "占用费"


class FundAct(models.TextChoices):
    """What moves a fund's money. There is no act for a deposit, a dividend or another use."""

    RECEIVE = "RECEIVE", "配股捐赠到账"
    JOIN = "JOIN", "入社"
    LEAVE = "LEAVE", "退社"
    LEND = "LEND", "借出"
    REPAY = "REPAY", "归还"


class ReceiptKind(models.TextChoices):
    """Money that comes in but from members."""

    GOVERNMENT = "GOVERNMENT", "政府配股"
    DONATION = "DONATION", "社会捐赠"


class LoanStatus(models.TextChoices):
    """Where a loan stands between who asks and who decides."""

    ASKED = "ASKED", "待审批"
    LENT = "LENT", "已借出"
    REFUSED = "REFUSED", "未批准"
