"""How a sample is stratified, and what is looked at again at a sampled household (policy-trace 3.6). Codes are this system's own."""

from django.db.models import TextChoices


class Stratum(TextChoices):
    """分层: by what the households are sorted before they are drawn."""

    TOWNSHIP = "TOWNSHIP", "按乡镇"
    POOR_TYPE = "POOR_TYPE", "按贫困户属性"
    CAUSE = "CAUSE", "按主要致贫原因"
    STATUS = "STATUS", "按户状态"
    NONE = "NONE", "不分层"


class SampleItem(TextChoices):
    """复核项目: a field of the card, under the standard's name."""

    MEMBER_COUNT = "member_count", "家庭人口数"
    POOR_TYPE = "poor_type", "贫困户属性"
    CAUSE = "cause_main", "主要致贫原因"
    NET_INCOME = "net_income", "家庭纯收入"
    WAGE_INCOME = "wage_income", "工资性收入"
    ARABLE_AREA = "arable_area", "耕地面积"
    DANGER_LEVEL = "danger_level", "危房等级"
    WATER_SAFE = "water_safe", "饮水是否安全"
