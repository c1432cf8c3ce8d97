"""Which notice makes which money public, at which level (policy §9)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from funds.models.document import Appropriation
from funds.models.payment import PaymentBatch
from funds.models.use import Placement, staff
from funds.rules.disclosure import DisclosureLevel
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.notices.models import NoticeDraft


class Disclosure(models.Model):
    """资金公示: the notice, posted or still a draft, that shows a document, a placement or a list of payments. Written once.

    ``elements`` are what F-07 asks for: total, source, kind, purpose, principle, plan, result, telephone.
    """

    division = DivisionKey(verbose_name="公示地")
    level = models.CharField("层级", max_length=8, choices=DisclosureLevel.choices)
    appropriation = models.ForeignKey(
        Appropriation,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name="资金文件",
    )
    placement = models.ForeignKey(
        Placement, models.RESTRICT, null=True, blank=True, related_name="disclosures", verbose_name="资金落实"
    )
    batch = models.ForeignKey(
        PaymentBatch,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name="支付清单",
    )
    draft = models.OneToOneField(
        NoticeDraft, models.RESTRICT, related_name="fund_disclosure", verbose_name="公示稿"
    )
    elements = models.JSONField("公示要素")
    drawn_by = staff("拟稿人")
    drawn_at = models.DateTimeField("拟稿时间", auto_now_add=True)

    written_at: ClassVar[str] = "drawn_at"
    objects = ScopedQuerySet["Disclosure"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金公示"
        indexes = [models.Index(name="disclosure_division", fields=["division", "level"])]
        constraints = [
            models.CheckConstraint(
                name="disclosure_of_one_thing",
                condition=Q(appropriation__isnull=False, placement__isnull=True, batch__isnull=True)
                | Q(appropriation__isnull=True, placement__isnull=False, batch__isnull=True)
                | Q(appropriation__isnull=True, placement__isnull=True, batch__isnull=False),
                violation_error_message="一件公示只说一件资金",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.draft_id}"
