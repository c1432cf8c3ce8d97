"""Codes of relocation: CL19 and what §10 and §26 add."""

from django.db import models


class ResettlementForm(models.TextChoices):
    """CL19 安置方式."""

    CONCENTRATED = "1", "集中"
    SCATTERED = "2", "分散"


class ResettlementPlace(models.TextChoices):
    """CL19 安置地 (§25)."""

    COUNTY_TOWN = "a", "县城周边新区"
    SUBURB_OR_TOWN = "b", "城郊/中心镇"
    CENTRAL_VILLAGE = "c", "中心村"
    OWN_CHOICE = "d", "自主选择(分散)"
    OTHER = "e", "其他"


class RelocationMode(models.TextChoices):
    """CL19 搬迁方式."""

    WHOLE_VILLAGE = "01", "行政村整体"
    WHOLE_HAMLET = "02", "自然村整体"
    SINGLE = "03", "个别搬迁"


class ReclaimedTo(models.TextChoices):
    """旧宅基地复垦去向 (§10)."""

    ARABLE = "1", "耕地"
    OTHER_FARMLAND = "2", "其他农用地"


class FollowUp(models.TextChoices):
    """搬迁后续措施 (§26)."""

    TRAINING = "1", "二三产就业培训"
    INDUSTRY = "2", "产业项目"
