"""The workbooks of the register that can be sent in: found by `fupin.sheets` as it starts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fupin.accounts.models import User
from fupin.sheets.intake import About, Judged, Packed, Written, import_kind, whole_list
from fupin.sheets.layouts import Layout
from fupin.sheets.models import StagedUnit
from fupin.sheets.opening import Opened
from registry.models import HouseholdYear
from registry.models.household import LIVE
from registry.reports.cards import read_cards
from registry.services.importing import households, undoing, writing
from registry.services.importing.filling import household_cells
from registry.services.importing.labourers import Labourers
from registry.services.importing.villages import Villages
from registry.services.importing.yearly import YearUpdate
from registry.services.matching import console
from registry.standard.workbooks import HOUSEHOLDS


class Households:
    """户 and 成员 of a year."""

    def layout(self, year: int | None) -> Layout:
        """Return the layout; the same for every year so far."""
        return HOUSEHOLDS

    def apart(self, layout: Layout) -> Sequence[Sequence[str]]:
        """Return the columns by which rows are put together."""
        return households.apart(layout)

    def gather(self, opened: Opened) -> tuple[int | None, list[Packed]]:
        """Put households and members together."""
        return households.gather(opened)

    def judge(self, units: Sequence[Packed], about: About) -> Iterable[Judged]:
        """Check and compare some households."""
        return households.Judge(about).judge(units)

    def write(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Write some households."""
        return writing.write(units, about)

    def undo(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Take some households back."""
        return undoing.undo(units, about)

    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield the households that stand, with their members."""
        cards = (
            HouseholdYear.objects.visible_to(actor)
            .within(division)
            .filter(year=year, household__status__in=LIVE)
        )
        versions = dict(cards.order_by().values_list("household__household_no", "version"))
        for card in read_cards(cards.order_by("division_id", "household_id", "pk")):
            own, people = household_cells(card, version=versions.get(card.household_no or ""))
            yield 0, own
            for row in people:
                yield 1, row


import_kind("households", "贫困户（含成员）", permission="sheets.import", intake=Households())
import_kind(
    "year_update",
    "年度更新（收入、生产生活条件）",
    permission="registry.change_household",
    intake=YearUpdate(),
)
import_kind("village", "贫困村登记表", permission="registry.change_village", intake=Villages())
whole_list("outside_list", permission="registry.load_list", take=console.take)
import_kind("labourers", "贫困劳动力", permission="registry.change_labourer", intake=Labourers())
