"""For whom a project is, and which projects are for a household."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from fupin.accounts.models import User
from projects.models import Project, ProjectHousehold
from registry.models import Household, HouseholdYear


def beneficiaries(project: Project) -> "QuerySet[ProjectHousehold, Any]":
    """Return the households that stand on a project's list with head, persons and village, in order of their numbers."""
    latest = HouseholdYear.objects.filter(household=OuterRef("household")).order_by("-year")
    return (
        ProjectHousehold.objects.standing()
        .filter(project=project)
        .annotate(
            head=Subquery(latest.values("head_name")[:1]), persons=Subquery(latest.values("member_count")[:1])
        )
        .select_related("household", "member", "division__parent")
        .order_by("household__household_no", "pk")
    )


def totals(project: Project) -> dict[str, Any]:
    """Return how many households stand on a project's list, how many labourers by name, and what is promised to them."""
    rows = ProjectHousehold.objects.standing().filter(project=project)
    counted = rows.aggregate(promised=Sum("promised_yuan"))
    return {
        "households": rows.order_by().values("household").distinct().count(),
        "labourers": rows.exclude(member=None).count(),
        "promised": counted["promised"],
    }


def projects_for(user: User, household: Household) -> "QuerySet[ProjectHousehold, Any]":
    """Return the places of a household on the lists of projects, the latest first; those taken off too."""
    return (
        ProjectHousehold.objects.visible_to(user)
        .filter(household=household)
        .select_related("project", "member")
        .order_by("-added_on", "-pk")
    )
