"""What a list of projects comes to."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from projects.models import Project
from projects.rules.stages import DONE, RECEIVES_MONEY


def sums_of(rows: "QuerySet[Project]") -> dict[str, Any]:
    """Return how many projects there are, how many take money, are done or failed, and what they are planned to cost."""
    return rows.order_by().aggregate(
        projects=Count("pk"),
        in_plan=Count("pk", filter=Q(stage__in=RECEIVES_MONEY)),
        done=Count("pk", filter=Q(stage__in=DONE)),
        failed=Count("pk", filter=Q(stage="FAILED")),
        planned_yuan=Sum("planned_yuan"),
    )
