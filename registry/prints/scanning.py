"""What a scanned sheet leads to: its card in the register, and whether the two still agree (账实相符)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from fupin.accounts.models import User
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.prints.checkcode import Sheet, parse_scan, verify
from registry.models import HouseholdYear, LabourerYear, VillageYear
from registry.prints.household import household_card_record, labourer_card_record
from registry.prints.imprint import check_key, vouched
from registry.prints.township import township_register_record, versioned
from registry.prints.village import village_table_record


class Verdict(Enum):
    """How a sheet stands to the register."""

    AGREES = "与系统一致"
    OUTDATED = "不是最新版本，系统中的卡表此后已修改"
    DIFFERS = "校验码与系统内容不符，请重新打印并核对"


@dataclass(frozen=True, slots=True)
class Scanned:
    """The page that the sheet opens, by the name of its URL and its arguments, and how the sheet stands."""

    sheet: Sheet
    page: str
    arguments: Mapping[str, Any]
    verdict: Verdict
    version: int
    """The register's version now."""


def scanned(text: str, *, user: User) -> Scanned | None:
    """Return what the line of a hand scanner leads to; None for other text and outside the user's scope.

    A code can be proved only against what the register holds now: an earlier version is said to be earlier.
    """
    line = parse_scan(text)
    if line is None:
        return None
    sheet, code = line
    found = _FINDERS[sheet.kind](sheet, user)
    if found is None:
        return None
    page, arguments, record = found
    return Scanned(sheet, page, arguments, _verdict(sheet, code, record), record["version"])


def _verdict(sheet: Sheet, code: str, record: Mapping[str, Any]) -> Verdict:
    if sheet.version != record["version"]:
        return Verdict.OUTDATED
    return Verdict.AGREES if verify(code, vouched(record), sheet=sheet, key=check_key()) else Verdict.DIFFERS


Found = tuple[str, Mapping[str, Any], Mapping[str, Any]]


def _household(sheet: Sheet, user: User) -> Found | None:
    cards = HouseholdYear.objects.visible_to(user).select_related("household")
    card = cards.filter(household__household_no=sheet.number, year=sheet.year).first()
    arguments = {"household_no": sheet.number, "year": sheet.year}
    return ("household_card", arguments, household_card_record(card)) if card else None


def _labourer(sheet: Sheet, user: User) -> Found | None:
    cards = LabourerYear.objects.visible_to(user).select_related(
        "member_year__member", "member_year__household_year__household"
    )
    card = cards.filter(member__member_no=sheet.number, year=sheet.year).first()
    arguments = {"member_no": sheet.number, "year": sheet.year}
    return ("labourer_card", arguments, labourer_card_record(card)) if card else None


def _village(sheet: Sheet, user: User) -> Found | None:
    tables = VillageYear.objects.visible_to(user).select_related("village")
    table = tables.filter(division_id=int(sheet.number), year=sheet.year).first()
    arguments = {"code": int(sheet.number), "year": sheet.year}
    return ("village_table", arguments, village_table_record(table)) if table else None


def _township(sheet: Sheet, user: User) -> Found | None:
    township = Division.objects.filter(pk=int(sheet.number)).first()
    if township is None or user.post is None or not contains(user.post.division_id, township.pk):
        return None
    record = versioned(township_register_record(township, sheet.year))
    return "print_batch", {"code": township.pk, "year": sheet.year}, record


_FINDERS: Final[Mapping[str, Callable[[Sheet, User], Found | None]]] = {
    "household": _household,
    "labourer": _labourer,
    "village": _village,
    "township": _township,
}
