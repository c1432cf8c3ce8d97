"""Codes of a village: CL24–CL27."""

from django.db import models


class VillageStatus(models.TextChoices):
    """贫困村状态 (procedures §3)."""

    DRAFT = "VD", "草稿"
    APPLIED = "VA", "村申请"
    TOWNSHIP_PASSED = "VT", "乡镇审核"
    TOWNSHIP_NOTICE = "VP", "乡镇公示"
    COUNTY_REVIEWED = "VC", "县扶贫办复核"
    GROUP_APPROVED = "VG", "县领导小组审定"
    REGISTERED = "VN", "已公告"
    EXIT_PROPOSED = "VX", "拟退出"
    EXIT_NOTICE = "VXP", "退出公示中"
    EXITED = "VO", "已退出"


class VillageAttr(models.TextChoices):
    """CL25 村属性."""

    POOR = "1", "贫困村"
    NOT_POOR = "2", "非贫困村"


class VillageTag(models.TextChoices):
    """CL25 村标签 (several may hold)."""

    ETHNIC_MINORITY = "01", "少数民族聚居村"
    PROGRAMME_DONE = "02", "整村推进村(已实施)"
    PROGRAMME_RUNNING = "03", "整村推进村(正在实施)"
    PROGRAMME_NOT_YET = "04", "整村推进村(未实施)"
    MUTUAL_FUND = "05", "互助资金组织村"
    OLD_REVOLUTIONARY_AREA = "06", "革命老区村"


class Landform(models.TextChoices):
    """CL26 地形地貌."""

    MOUNTAIN = "1", "山区"
    HILLS = "2", "丘陵"
    PLAIN = "3", "平川"


class DevelopmentTag(models.TextChoices):
    """CL26 发展方向标签 (§22); the direction itself is free text."""

    LIVESTOCK = "01", "牛羊规模养殖加工"
    FACILITY_FARMING = "02", "设施农业"
    HERBS = "03", "中药材"
    MINOR_GRAINS = "04", "小杂粮"
    SALINE_LAND = "05", "盐碱地开发"
    TOURISM = "06", "乡村旅游"
    FARM_PARK = "07", "特色农业园区"


class Disaster(models.TextChoices):
    """CL27 自然灾害 of the year before."""

    DROUGHT = "01", "旱灾"
    FLOOD = "02", "洪涝"
    PESTS = "03", "病虫害"
    FROST = "04", "冰冻"
    DRY_HOT_WIND = "05", "干热风"
    ANIMAL_EPIDEMIC = "06", "动物疫病"
    LANDSLIDE = "07", "泥石流滑坡"
    EARTHQUAKE = "08", "地震"
    OTHER = "99", "其他"
