"""Panels that the apps above put beneath a project's page: money, contracts, land.

```python
@project_panel(order=20, permission="funds.view_money", template="funds/_project_money.html")
def money(user: User, project: Project) -> Mapping[str, Any]:
    return {"placements": ...}
```

The template reads what the function returns as `panel`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fupin.accounts.models import User
from fupin.accounts.permissions import may
from projects.models import Project

Read = Callable[[User, Project], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of panel: its place among the others, who sees it, how it is shown, where its facts come from."""

    order: int
    permission: str
    template: str
    read: Read


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel of one project: its template and what that reads."""

    template: str
    facts: Mapping[str, Any]


PANELS: dict[str, Panel] = {}


def project_panel(*, order: int, permission: str, template: str) -> Callable[[Read], Read]:
    """Register a function as the panel that ``template`` shows to whoever holds ``permission``."""

    def register(read: Read) -> Read:
        PANELS[template] = Panel(order, permission, template, read)
        return read

    return register


def panels_of(user: User, project: Project) -> list[Shown]:
    """Return the panels of a project that the user may see, in their order."""
    held = sorted(
        (one for one in PANELS.values() if may(user, one.permission)),
        key=lambda one: (one.order, one.template),
    )
    return [Shown(one.template, one.read(user, project)) for one in held]
