"""What closing a year would put beyond change: counted before anybody says yes."""

from dataclasses import astuple, dataclass

from django.db.models import Exists, OuterRef

from fupin.divisions.models import Division
from registry.codes import HouseholdStatus
from registry.models import HouseholdYear, LabourerYear, MemberYear, VillageYear


@dataclass(frozen=True, slots=True)
class ClosingFigures:
    """Of one year: what is there, and what is not finished."""

    cards: int
    drafts: int
    """Cards of households that are still drafts."""
    remarks: int
    """Cards with doubts that nobody has explained."""
    tables: int
    missing_tables: int
    """Villages with cards and without their table."""
    labourers: int
    missing_labourers: int
    """Labourers without their card."""

    @property
    def unfinished(self) -> int:
        """How many things are left that only a correction slip will mend."""
        return self.drafts + self.remarks + self.missing_tables + self.missing_labourers

    @property
    def fingerprint(self) -> str:
        """The figures as one word, to see whether they still hold when somebody confirms them."""
        return "-".join(str(figure) for figure in astuple(self))


def closing_figures(year: int) -> ClosingFigures:
    """Return the figures of a year in the scope that is set."""
    cards = HouseholdYear.objects.filter(year=year)
    tables = VillageYear.objects.filter(year=year)
    people = MemberYear.objects.filter(year=year, is_labourer=True)
    villages = Division.objects.administrative_villages().filter(
        Exists(cards.filter(division_id=OuterRef("code"))),
        ~Exists(tables.filter(division_id=OuterRef("code"))),
    )
    labourers = LabourerYear.objects.filter(year=year)
    return ClosingFigures(
        cards=cards.count(),
        drafts=cards.filter(household__status=HouseholdStatus.DRAFT).count(),
        remarks=cards.filter(open_remarks__gt=0).count(),
        tables=tables.count(),
        missing_tables=villages.count(),
        labourers=labourers.count(),
        missing_labourers=people.filter(~Exists(labourers.filter(member_year_id=OuterRef("pk")))).count(),
    )
