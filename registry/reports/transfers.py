"""Who belongs to civil affairs and has not been handed over; slips and what is still to be answered."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from fupin.accounts.models import User
from fupin.policy.standards import NoStandard, poverty_line
from registry.codes import PoorType
from registry.codes.outside import Answer
from registry.models import LIVE, HouseholdYear, MemberYear, TransferLine, TransferSlip
from registry.rules.matching import is_able_to_work
from registry.rules.poverty import is_below_line


def to_transfer(user: User, year: int) -> "QuerySet[HouseholdYear]":
    """Return the cards of households below the line, with nobody able to work, whom civil affairs do not support (procedures §5).

    Those on a slip that waits for its answer, or that was answered within the year, are left out.
    """
    try:
        line = poverty_line(year).amount
    except NoStandard:
        return HouseholdYear.objects.none()
    people = MemberYear.objects.filter(household_year=OuterRef("pk"))
    handed_over = TransferLine.objects.filter(household=OuterRef("household_id")).filter(
        Q(result="") | Q(year=year)
    )
    return (
        HouseholdYear.objects.visible_to(user)
        .filter(is_below_line(line), year=year, household__status__in=LIVE)
        .exclude(poor_type__in=[PoorType.DIBAO_POOR, PoorType.DIBAO, PoorType.WUBAO])
        .filter(
            ~Exists(people.filter(is_able_to_work(year))),
            ~Exists(people.filter(Q(is_dibao=True) | Q(is_wubao=True), is_counted=True)),
            ~Exists(handed_over),
        )
        .select_related("household", "division__parent")
    )


def slips(user: User) -> "QuerySet[TransferSlip]":
    """Return the slips of one's divisions with how many of their households are answered."""
    return (
        TransferSlip.objects.visible_to(user)
        .select_related("division", "made_by")
        .annotate(
            households=Count("lines"),
            answered=Count("lines", filter=~Q(lines__result="")),
            taken=Count("lines", filter=Q(lines__result__in=[Answer.DIBAO, Answer.WUBAO])),
        )
    )


def unanswered(user: User) -> int:
    """Return how many households of slips that were sent wait for civil affairs' answer."""
    return TransferLine.objects.visible_to(user).filter(slip__sent_on__isnull=False, result="").count()


def transfer_of(household_id: int) -> TransferLine | None:
    """Return a household's last transfer."""
    return (
        TransferLine.objects.filter(household_id=household_id).select_related("slip").order_by("-pk").first()
    )
