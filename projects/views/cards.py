"""What a household's card says of projects: on whose lists it stands, and what each promises it."""

from collections.abc import Mapping
from typing import Any

from fupin.accounts.models import User
from projects.reports.beneficiaries import projects_for
from registry.models import Household
from registry.views.card_panels import card_panel


@card_panel(order=15, permission="projects.view_project", template="projects/_card_projects.html")
def projects_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return the places of a household on the lists of projects."""
    return {"rows": list(projects_for(user, household))}
