"""What stranded money means for a county, and where the flow of a county's money stands."""

from datetime import date

from funds.models.stranded import Stranding
from funds.rules.stranded import Consequence, Window, consequences


def consequences_for(county: int, on: date) -> tuple[Consequence, ...]:
    """Return what follows on a day for money of a county that is not back in time."""
    oldest = Stranding.objects.overdue_on(on).filter(division_id=county).order_by("due_on", "pk").first()
    return consequences(Window(oldest.due_from, oldest.due_on), on) if oldest else ()


def pauses_new_projects(county: int, on: date) -> bool:
    """Tell whether a county may place no money on projects until it has sent back what is overdue (parameter)."""
    return Consequence.PAUSED in consequences_for(county, on)
