"""Codes of projects: kinds (policy §10–§12, §25–§38), industries (§22), ways of use (§5), stages (§6), the five supervised links (§9)."""

from django.db import models


class ProjectKind(models.TextChoices):
    """项目类别: kinds share one life cycle."""

    INDUSTRY = "INDUSTRY", "产业开发"
    RELOCATION = "RELOCATION", "易地扶贫搬迁"
    TRAINING = "TRAINING", "就业培训"
    HOUSING = "HOUSING", "危房改造"
    ROAD = "ROAD", "道路"
    WATER = "WATER", "饮水安全"
    POWER = "POWER", "用电"
    ENVIRONMENT = "ENVIRONMENT", "生态和环境整治"
    EDUCATION = "EDUCATION", "教育"
    HEALTH = "HEALTH", "卫生和计划生育"
    CULTURE = "CULTURE", "文化"
    INFORMATION = "INFORMATION", "广电和信息化"
    TECHNOLOGY = "TECHNOLOGY", "科技服务"
    OTHER = "OTHER", "其他"


class Industry(models.TextChoices):
    """产业类别: the seven that §22 names, and any other."""

    LIVESTOCK = "LIVESTOCK", "牛羊规模养殖加工"
    FACILITY = "FACILITY", "设施农业"
    HERBS = "HERBS", "中药材种植加工"
    GRAINS = "GRAINS", "小杂粮加工"
    SALINE = "SALINE", "盐碱地开发"
    TOURISM = "TOURISM", "乡村旅游开发"
    PARK = "PARK", "特色农业开发园区"
    OTHER = "OTHER", "其他产业"


class UseWay(models.TextChoices):
    """使用方式: the competitive ways of §5, to which more may be added as they are tried (积极探索); OTHER with its reason."""

    AWARD = "AWARD", "以奖代补"
    BUILD_FIRST = "BUILD_FIRST", "先建后补"
    PRIVATE_RUN = "PRIVATE_RUN", "民办公助"
    OTHER = "OTHER", "其他"


class Stage(models.TextChoices):
    """项目环节 (F-06)."""

    DRAFT = "DRAFT", "拟入库"
    POOL = "POOL", "入库"
    ARGUED = "ARGUED", "论证"
    ASSESSED = "ASSESSED", "评估"
    APPROVED = "APPROVED", "批准"
    DISCLOSED = "DISCLOSED", "公示"
    PLANNED = "PLANNED", "年度计划"
    FUNDED = "FUNDED", "拨付"
    BUILDING = "BUILDING", "实施"
    ACCEPTED = "ACCEPTED", "验收"
    ANNOUNCED = "ANNOUNCED", "公告"
    EVALUATED = "EVALUATED", "后评价"
    REJECTED = "REJECTED", "已退库"
    FAILED = "FAILED", "不再具备实施条件"


class FileKind(models.TextChoices):
    """项目材料."""

    FEASIBILITY = "FEASIBILITY", "可行性研究报告"
    DESIGN = "DESIGN", "设计"
    ARGUMENT = "ARGUMENT", "论证意见"
    ASSESSMENT = "ASSESSMENT", "评估报告"
    APPROVAL = "APPROVAL", "批复文件"
    PLAN = "PLAN", "年度计划文件"
    CONTRACT = "CONTRACT", "合同"
    ACCEPTANCE = "ACCEPTANCE", "验收报告"
    EVALUATION = "EVALUATION", "后评价报告"
    PHOTO = "PHOTO", "照片"
    OTHER = "OTHER", "其他"


class Link(models.TextChoices):
    """五个监管环节 (§9): what the city's and the province's spot checks look at."""

    PLAN = "PLAN", "计划"
    ARGUE = "ARGUE", "论证"
    ASSESS = "ASSESS", "评估"
    FUND = "FUND", "拨付"
    EXECUTE = "EXECUTE", "执行"
