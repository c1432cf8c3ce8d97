"""The year's update of households that stand: income and living conditions, a row each, written as the village's screen writes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from fupin.accounts.models import User
from registry.errors import HouseholdEnded, StaleCard
from registry.models import Household, HouseholdYear
from registry.models.household import LIVE
from registry.reports.assembly import card_of
from registry.reports.cards import read_cards
from registry.reports.differences import differences
from registry.rules.card import Card
from registry.rules.findings import Finding, error
from registry.services.checking import findings_of
from registry.services.grid import GridRow, changed, save_row
from registry.services.importing.filling import cell_of
from registry.services.importing.households import HOUSEHOLD_FIELDS
from registry.services.importing.rows import ByService, Unit
from registry.services.importing.undoing import kept_before, rewrite
from registry.services.stored import Stored, load_stored, load_stored_many
from registry.standard.workbooks import NUMBER, VERSION, YEAR_UPDATE


@dataclass(frozen=True, slots=True)
class _Stands:
    """A household with its card of the year, or the one that the year would begin with."""

    household: Household
    stored: Stored
    card: Card | None


class YearUpdate(ByService):
    """年度更新."""

    sheets = YEAR_UPDATE
    key = NUMBER
    fields = (HOUSEHOLD_FIELDS,)

    def known(self, keys: Sequence[str], about: Any) -> Mapping[str, _Stands]:
        """Return the households with their cards."""
        households = list(
            Household.objects.within(about.division).filter(household_no__in=[k for k in keys if k])
        )
        stored = load_stored_many(households, about.year or 0) if households else {}
        return {
            one.household_no: _Stands(
                one, stored[one.pk], stored[one.pk].card or _begun(stored[one.pk], about.year)
            )
            for one in households
        }

    def about(self, thing: _Stands) -> tuple[str, int, int]:
        """Return the head, the village and the household's key."""
        return (
            (thing.card.head_name if thing.card else "")[:100],
            thing.household.division_id,
            thing.household.pk,
        )

    def version_of(self, thing: _Stands) -> int | None:
        """Return the version of the year's card."""
        return thing.stored.version

    def check(self, unit: Unit, thing: _Stands, about: Any) -> list[Finding]:
        """Hold the card as it would be against every rule."""
        household = thing.household
        if not household.is_live:
            return [error("R-20", NUMBER, "该户已清退或注销，不能再修改")]
        if thing.card is None:
            return [error("R-20", NUMBER, f"该户没有{about.year}年以前的户卡，请新建")]
        card = changed(thing.card, _values(unit))
        return findings_of(
            card, village=household.division_id, on=about.on, household=household, stored=thing.stored.numbers
        )

    def changes(self, unit: Unit, thing: _Stands, about: Any) -> list[tuple[str, str, str]]:
        """Return what becomes different on the card."""
        if thing.card is None:
            return []
        found = differences(thing.card, changed(thing.card, _values(unit)))
        return [(one.label, one.old, one.new) for one in found]

    def save(self, unit: Unit, thing: _Stands, about: Any) -> int:
        """Write the card, begun from the year before where there is none."""
        row = GridRow(thing.household.household_no, thing.stored.version, _values(unit))
        saved = save_row(about.uploader, thing.household, thing.stored.card, row, about.year, about.on)
        return saved.household_year.version

    def kept(self, thing: _Stands) -> Any:
        """Return the card's rows."""
        return kept_before(thing.stored.rows)

    def put_back(self, thing: _Stands, before: Any, about: Any) -> int:
        """Write the card's rows of before over it, as a workbook of households does."""
        household = Household.objects.select_for_update(of=("self",)).get(pk=thing.household.pk)
        if not household.is_live:
            raise HouseholdEnded(household.status)
        now = load_stored(household, about.year)
        if now.version != thing.stored.version:
            raise StaleCard(base=thing.stored.version or 0, current=now.version or 0)
        return rewrite(now.rows, before, about)

    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield the households with this year's figures, last year's where there are none yet."""
        cards = (
            HouseholdYear.objects.visible_to(actor)
            .within(division)
            .filter(year__lte=year, year__gte=year - 1, household__status__in=LIVE)
        )
        latest = cards.order_by("household_id", "-year").distinct("household_id").values("pk")
        chosen = HouseholdYear.objects.filter(pk__in=latest).order_by("division_id", "household_id", "pk")
        versions = {
            number: (of, version)
            for number, of, version in chosen.values_list("household__household_no", "year", "version")
        }
        for card in read_cards(chosen):
            of, version = versions[card.household_no or ""]
            yield (
                0,
                [
                    self._cell(heading.name, card, year, version if of == year else None)
                    for heading in self.sheets.first.headings
                ],
            )

    @staticmethod
    def _cell(name: str, card: Card, year: int, version: int | None) -> Any:
        if name in {NUMBER, VERSION, "year", "head_name"}:
            return {NUMBER: card.household_no, VERSION: version, "year": year, "head_name": card.head_name}[
                name
            ]
        part, _, field = name.rpartition(".")
        return cell_of(HOUSEHOLD_FIELDS[name], getattr(getattr(card, part), field))


_PATHS: Final = [heading.name for heading in YEAR_UPDATE.first.headings if "." in heading.name]


def _values(unit: Unit) -> dict[str, Any]:
    return {path: unit.values[path] for path in _PATHS}


def _begun(stored: Stored, year: int | None) -> Card | None:
    """Return the card that a year would begin with: the latest before it, of those who still count."""
    carried = stored.rows.carried
    if carried is None:
        return None
    people = [stored.cards[number] for number, row in stored.rows.carried_members.items() if row.is_counted]
    card = card_of(carried, people, None)
    plan = card.plan_exit_year
    return replace(card, year=year or card.year, plan_exit_year=max(plan, year or 0) if plan else None)
