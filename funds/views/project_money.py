"""The money of a project, as a panel of its page."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from funds.codes.allotment import LineKind
from funds.models import LineAccount, Placement
from fupin.accounts.models import User
from projects.models import Project
from projects.views.panels import project_panel

STATIONS = (LineKind.PROJECT, LineKind.PAID, LineKind.ACCEPTED)


@project_panel(order=20, permission="funds.view_money", template="funds/_project_money.html")
def money_of_project(user: User, project: Project) -> Mapping[str, Any]:
    """Return what was placed on a project, from which documents, and how far it has come."""
    placements = Placement.objects.visible_to(user).filter(project=project).select_related("appropriation")
    lines = LineAccount.objects.visible_to(user).filter(project=project, kind__in=STATIONS)
    sums = dict(lines.order_by().values_list("kind").annotate(sum=Sum("account__balance")))
    placed = sum(sums.values(), Decimal(0))
    spent = placed - sums.get(LineKind.PROJECT, Decimal(0))
    return {
        "placements": placements.order_by("drafted_on", "pk"),
        "stations": [(kind.label, sums.get(kind, Decimal(0))) for kind in STATIONS],
        "spent_percent": spent * 100 / placed if placed else None,
        "url": f"{reverse('placement_list')}?project={project.pk}",
    }
