"""What makes two cards look like one, and what was found when somebody looked (issue: 重复户). Codes are this system's own."""

from django.db.models import TextChoices


class DuplicateSign(TextChoices):
    """疑似重复的迹象: what two households have in common that they should not."""

    SPLIT = "SPLIT", "拆户：转出的人立在另一户"
    NAME_VILLAGE = "NAME_V", "同村同名同生日"
    NAME_COUNTY = "NAME_C", "同县同名同生日"
    ACCOUNT = "ACCOUNT", "同一银行账号"
    PHONE = "PHONE", "同一联系电话"


class DuplicateDecision(TextChoices):
    """核查结论: what the two cards are."""

    SAME = "SAME", "一户两卡，并为一户"
    ONE_CARD = "ONE_CARD", "同一人在两户，只留一户"
    TWO = "TWO", "两户两人，不是重复"
    JUSTIFIED = "JUSTIFIED", "分户属实，理由成立"
