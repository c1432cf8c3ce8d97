"""Who helps: the organs that send people, and the people (data-standard §3.5; policy §19, §20)."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey
from registry.codes import HelperEducation, Political, Sex, UnitAffiliation
from registry.models.help.reach import ReachingQuerySet


class Organ(models.Model):
    """单位: one of the 各级党政群机关和事业单位 that are to send people to villages; others may be added.

    ``division`` is where it stands: a provincial organ is seen from every village that it may serve.
    """

    division = DivisionKey(verbose_name="所在区划")
    name = models.CharField("单位名称", max_length=100)
    code = models.CharField("单位代码", max_length=18, blank=True)
    affiliation = models.CharField("隶属关系", max_length=2, choices=UnitAffiliation.choices)
    must_send = models.BooleanField("应派出", default=True, help_text="各级党政群机关和事业单位应派出干部")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    added_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ReachingQuerySet["Organ"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(
                name="organ_once", fields=["division", "name"], violation_error_message="该单位已在名录中"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AssistPersonEvent",
    meta={"verbose_name": "帮扶责任人变更"},
)
class AssistPerson(models.Model):
    """帮扶责任人: an official who answers for households, leads or serves in a team, or leads a village.

    ``division`` is as far as he may be sent: he is seen from every village below it. He is himself no poor person; the database
    looks at his number (migration `help_guards`).
    """

    division = DivisionKey(verbose_name="服务区划")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    id_no_sealed = models.UUIDField("身份号码密文")
    id_no_index = models.BinaryField("身份号码盲索引", max_length=16)
    id_no_masked = models.CharField("身份号码", max_length=22)
    political = models.CharField("政治面貌", max_length=2, choices=Political.choices, blank=True)
    organ = models.ForeignKey(Organ, models.RESTRICT, related_name="people", verbose_name="单位")
    position = models.CharField("派出单位职务", max_length=50)
    heads_organ = models.BooleanField("单位主要负责同志", default=False)
    education = models.CharField("学历", max_length=1, choices=HelperEducation.choices, blank=True)
    specialty = models.CharField("技术特长", max_length=100, blank=True)
    phone_sealed = models.UUIDField("电话密文", null=True)
    phone_masked = models.CharField("电话", max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="本系统用户",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ReachingQuerySet["AssistPerson"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶责任人"
        indexes = [models.Index(name="assistperson_division", fields=["division", "name"])]
        constraints = [
            models.UniqueConstraint(
                name="assistperson_once",
                fields=["id_no_index"],
                violation_error_message="该身份号码已登记为帮扶责任人",
            ),
            models.UniqueConstraint(
                name="assistperson_one_a_user",
                fields=["user"],
                condition=Q(user__isnull=False),
                violation_error_message="该用户已是另一名帮扶责任人",
            ),
        ]

    def __str__(self) -> str:
        return self.name
