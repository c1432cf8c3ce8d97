"""Help of a village: which causes its households have, which measures answer them, what is planned for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fupin.accounts.models import User
from registry.codes import Cause, MeasureKind
from registry.models import AssistPlan, HouseholdYear
from registry.models.help import HelpLevel
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.suggestions import suggested


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause: how many households on the register have it as their main one, and which measures answer it."""

    cause: str
    households: int
    persons: int
    measures: str


def causes_of(user: User, village: int, year: int) -> list[CauseRow]:
    """Return the main causes of the households on the register, most frequent first (policy-trace 2.1)."""
    cards = HouseholdYear.objects.visible_to(user).filter(
        division_id=village, year=year, household__status__in=ON_REGISTER
    )
    households: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    for cause, members in cards.values_list("cause_main", "member_count"):
        households[cause] += 1
        persons[cause] += members
    return [
        CauseRow(
            Cause(cause).label if cause else "未填",
            count,
            persons[cause],
            "、".join(MeasureKind(kind).label for kind, _ in suggested([cause] if cause else [])),
        )
        for cause, count in sorted(households.items(), key=lambda one: (-one[1], one[0]))
    ]


def village_plans(user: User, village: int, year: int) -> Sequence[AssistPlan]:
    """Return the plans of the village itself for a year."""
    plans = AssistPlan.objects.visible_to(user).filter(
        division_id=village, year=year, level=HelpLevel.VILLAGE, withdrawn_on__isnull=True
    )
    return list(plans.select_related("person").order_by("pk"))
