"""N1–N4: how far a household on the register has come in steps 4 to 6 of its identification (procedures §4, §4.1)."""

from django.db import models

from fupin.policy.cites import cites


class Substate(models.TextChoices):
    """子标志 of 在册."""

    UNANSWERED = "N1", "未落实责任人"
    PAIRED = "N2", "已结对"
    PLANNED = "N3", "已定计划"
    BOOKED = "N4", "手册齐"

    def __str__(self) -> str:
        return f"{self.value} {self.label}"


@cites("§20", "每个贫困户都有帮扶责任人")
def substate(*, paired: bool, planned: bool, signed: bool) -> Substate:
    """Return how far a household has come, each mark only after those before it: 结对, 定计划, 填手册.

    The handbook is complete once a sheet of the card signed by the household lies with it (this system's reading: procedures say
    手册齐 and not by what).
    """
    if not paired:
        return Substate.UNANSWERED
    if not planned:
        return Substate.PAIRED
    return Substate.BOOKED if signed else Substate.PLANNED
