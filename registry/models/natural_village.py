"""Natural villages (自然村、村民小组) of an administrative village."""

from django.db import models

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet


class NaturalVillage(models.Model):
    """自然村: a name that a card of the village may carry; a new name joins the table with the first card that uses it."""

    division = DivisionKey(verbose_name="行政村")
    name = models.CharField("名称", max_length=50)

    objects = ScopedQuerySet["NaturalVillage"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自然村"
        constraints = [
            models.UniqueConstraint(
                name="naturalvillage_once_in_village",
                fields=["division", "name"],
                violation_error_message="本村已有此自然村",
            ),
        ]

    def __str__(self) -> str:
        return self.name
