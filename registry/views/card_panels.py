"""Panels that other parts of the register, and the apps above it, put beneath a household's card.

```python
@card_panel(order=20, permission="funds.view_grant", template="funds/_card_money.html")
def money(user: User, household: Household, year: int) -> Mapping[str, Any]:
    return {"grants": ...}
```

The template reads what the function returns as `panel`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fupin.accounts.models import User
from fupin.accounts.permissions import may
from registry.models import Household

Read = Callable[[User, Household, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of panel: its place among the others, who sees it, how it is shown, where its facts come from."""

    order: int
    permission: str
    template: str
    read: Read


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel of one card: its template and what that reads."""

    template: str
    facts: Mapping[str, Any]


PANELS: dict[str, Panel] = {}


def card_panel(*, order: int, permission: str, template: str) -> Callable[[Read], Read]:
    """Register a function as the panel that ``template`` shows to whoever holds ``permission``."""

    def register(read: Read) -> Read:
        PANELS[template] = Panel(order, permission, template, read)
        return read

    return register


def panels_of(user: User, household: Household, year: int) -> list[Shown]:
    """Return the panels of a card that the user may see, in their order."""
    held = sorted(
        (one for one in PANELS.values() if may(user, one.permission)),
        key=lambda one: (one.order, one.template),
    )
    return [Shown(one.template, one.read(user, household, year)) for one in held]
