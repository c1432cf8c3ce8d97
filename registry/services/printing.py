"""Bulk prints: all household cards of a village or township, a township's register; as one PDF, kept like an export."""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import Level, level_of
from fupin.divisions.models import Division
from fupin.prints.binding import bind, first_pages, page_count
from fupin.prints.typesetter import SHEETS_A_FILE, Manuscript, typeset_batch
from fupin.sheets.documents import keep_document
from fupin.sheets.exports import folder
from fupin.sheets.models import ExportApproval, ExportLog
from registry.errors import PrintRefused
from registry.models import HouseholdYear, PrintedSheet, Sample
from registry.prints.batches import household_index, household_manuscripts, index_pages
from registry.prints.imprint import Imprint, check_key
from registry.prints.sampling import field_sheets
from registry.prints.township import (
    township_register_record,
    township_registers,
    township_sheet,
    versioned,
)
from registry.reports.on_register import on_register

CARDS: Final = "registry.print_cards"
REGISTER: Final = "registry.print_register"
SAMPLE: Final = "registry.print_sample"
PERMISSION: Final = "registry.print_batch"
MOST_CARDS: Final = 5000
"""Cards in one file; a township has fewer."""


def _nobody_looks(_done: int, _total: int, _message: str) -> None:
    """Take note of nothing."""


Progress = Callable[[int, int, str], None]


def cards_to_print(division: int, year: int) -> Sequence[int]:
    """Return the ids of the cards on the register of a village or township in a year, village by village."""
    cards = HouseholdYear.objects.within(division).filter(on_register(year), year=year)
    return list(cards.order_by("division_id", "household__household_no").values_list("pk", flat=True))


def print_cards(
    *,
    actor: User,
    division: Division,
    year: int,
    at: datetime,
    key: uuid.UUID,
    job_id: uuid.UUID | None = None,
    approval: ExportApproval | None = None,
    progress: Progress = _nobody_looks,
) -> ExportLog:
    """Bind all household cards of a village or township into one PDF with contents in front; return its log row.

    Cards are read and set two hundred at a time. Raise PrintRefused, Refused.
    """
    require(actor, PERMISSION, at=division.pk)
    if level_of(division.pk) < Level.TOWNSHIP:
        raise PrintRefused("户卡按村或乡镇成批打印")
    ids = cards_to_print(division.pk, year)
    if not ids:
        raise PrintRefused(f"{division.name} {year} 年度没有在册的户")
    if len(ids) > MOST_CARDS:
        raise PrintRefused(f"一次最多打印 {MOST_CARDS:,} 张，请按村打印")
    title = f"{year} 年度户卡（{division.name}）"
    with TemporaryDirectory(dir=folder(), prefix=".printing-") as place:
        bound, cards, pages = bind_cards(
            ids,
            _imprint(actor, at),
            desk=Path(place),
            title=title,
            place_path=division.path_name,
            progress=progress,
        )
        sheets = [_sheet_of(card) for card in cards]
        log = keep_document(
            bound,
            kind=CARDS,
            title=title,
            division=division.pk,
            filters={"年度": str(year), "区划": division.path_name},
            rows=len(cards),
            persons=sum(card["member_count"] for card in cards),
            figures={"户卡": {"张数": str(len(cards)), "页数": str(pages)}},
            rows_sha256=_digest(sheets),
            actor=actor,
            at=at,
            key=key,
            job_id=job_id,
            approval=approval,
        )
    _log(log, sheets)
    return log


def bind_cards(
    ids: Sequence[int],
    imprint: Imprint,
    *,
    desk: Path,
    title: str,
    place_path: str,
    progress: Progress = _nobody_looks,
) -> tuple[Path, Sequence[Mapping[str, Any]], int]:
    """Set the cards named and bind them with contents in front; return the file in `desk`, the cards set, the number of pages."""
    cards: list[Mapping[str, Any]] = []

    def remembered() -> Iterator[Manuscript]:
        for manuscript in household_manuscripts(ids, imprint):
            cards.extend(map(_remembered, manuscript.data["cards"]))
            yield manuscript

    parts = []
    for part in typeset_batch(remembered(), folder=desk):
        parts.append(part)
        progress(len(cards), len(ids), "正在排版")
    begins, page = [], index_pages(len(cards))
    for part in parts:
        begins += [page + first + 1 for first in first_pages(part)]
        page += page_count(part)
    index = household_index(cards, begins, imprint, title=title, place_path=place_path)
    front = next(typeset_batch([index], folder=_made(desk / "index")))
    bound = desk / "bound.pdf"
    return bound, cards, bind([front, *parts], bound, title=title)


def print_register(
    *,
    actor: User,
    division: Division,
    year: int,
    at: datetime,
    key: uuid.UUID,
    job_id: uuid.UUID | None = None,
    approval: ExportApproval | None = None,
    progress: Progress = _nobody_looks,
) -> ExportLog:
    """Print a township's register as one PDF; return its log row. Raise PrintRefused, Refused."""
    require(actor, PERMISSION, at=division.pk)
    if level_of(division.pk) != Level.TOWNSHIP:
        raise PrintRefused("镇册按乡镇打印")
    record = versioned(township_register_record(division, year))
    everybody = [row for village in record["villages"] for row in village["roster"]]
    if not everybody:
        raise PrintRefused(f"{division.name} {year} 年度没有在册的户")
    progress(0, 2, "正在排版")
    imprint = _imprint(actor, at)
    manuscript = township_registers(record, imprint)
    title = f"{year} 年度镇册（{division.name}）"
    with TemporaryDirectory(dir=folder(), prefix=".printing-") as place:
        part = next(typeset_batch([manuscript], folder=Path(place)))
        progress(1, 2, "正在归档")
        sheet = township_sheet(record)
        sheets = [
            (
                "township",
                sheet.number,
                year,
                sheet.version,
                manuscript.data["register"]["sheet"]["code"],
                division.pk,
            )
        ]
        log = keep_document(
            part,
            kind=REGISTER,
            title=title,
            division=division.pk,
            filters={"年度": str(year), "区划": division.path_name},
            rows=len(everybody),
            persons=sum(row["member_count"] for row in everybody),
            figures={
                "镇册": {
                    "户数": str(len(everybody)),
                    "页数": str(page_count(part)),
                    "版本": str(sheet.version),
                }
            },
            rows_sha256=_digest(sheets),
            actor=actor,
            at=at,
            key=key,
            job_id=job_id,
            approval=approval,
        )
    _log(log, sheets)
    progress(2, 2, "已完成")
    return log


PrintedAs = tuple[str, str, int, int, str, int]
"""Kind, number, year, version, check code and division of a sheet."""


def _remembered(card: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return of a card what the contents and the log need, so that a batch is not kept whole."""
    kept = {name: card[name] for name in ("head_name", "place", "member_count", "village_code", "is_demo")}
    return {**kept, "sheet": {name: value for name, value in card["sheet"].items() if name != "qr"}}


def _imprint(actor: User, at: datetime) -> Imprint:
    return Imprint(
        printed_on=timezone.localdate(at),
        printed_by=actor.full_name or actor.username,
        demo=settings.DEMO,
        key=check_key(),
    )


def _made(path: Path) -> Path:
    path.mkdir(mode=0o700)
    return path


def _sheet_of(card: Mapping[str, Any]) -> PrintedAs:
    sheet = card["sheet"]
    return (
        "household",
        sheet["number"],
        sheet["year"],
        sheet["version"],
        sheet["code"],
        int(card["village_code"]),
    )


def _digest(sheets: Sequence[PrintedAs]) -> str:
    lines = "".join(f"{number}/{year}/{version}/{code}\n" for _, number, year, version, code, _ in sheets)
    return hashlib.sha256(lines.encode()).hexdigest()


def _log(file: ExportLog, sheets: Sequence[PrintedAs]) -> None:
    """Keep which sheets are on paper now, and say in the record of the act how many."""
    PrintedSheet.objects.bulk_create(
        PrintedSheet(
            division_id=at, file=file, kind=kind, number=number, year=year, version=version, code=code
        )
        for kind, number, year, version, code, at in sheets
    )
    note(object_key=file.serial, division=file.division, detail={"sheets": len(sheets), "kind": file.kind})


def people_to_print(division: int, year: int) -> int:
    """Return how many people the cards or the register of a village or township are about."""
    cards = HouseholdYear.objects.within(division).filter(on_register(year), year=year)
    return int(cards.aggregate(people=Sum("member_count"))["people"] or 0)


def people_in_sample(sample: Sample) -> int:
    """Return how many people a sample's field sheets name."""
    cards = HouseholdYear.objects.filter(
        household_id__in=sample.households.values("household_id"), year=sample.year
    )
    return int(cards.aggregate(people=Sum("member_count"))["people"] or 0)


def print_sample(
    *,
    actor: User,
    sample: Sample,
    at: datetime,
    key: uuid.UUID,
    job_id: uuid.UUID | None = None,
    approval: ExportApproval | None = None,
    progress: Progress = _nobody_looks,
) -> ExportLog:
    """Print the field sheets of a sample as one PDF; return its log row. Raise Refused."""
    require(actor, "registry.draw_sample", at=sample.division_id)
    households = list(sample.households.select_related("household").order_by("seat"))
    imprint = _imprint(actor, at)
    with TemporaryDirectory(dir=folder(), prefix=".printing-") as place:
        desk = Path(place)
        manuscripts = (
            field_sheets(sample, households[start : start + SHEETS_A_FILE], imprint)
            for start in range(0, len(households), SHEETS_A_FILE)
        )
        parts = []
        for part in typeset_batch(manuscripts, folder=desk):
            parts.append(part)
            progress(min(len(parts) * SHEETS_A_FILE, len(households)), len(households), "正在排版")
        bound = desk / "bound.pdf"
        pages = bind(parts, bound, title=f"复核表 {sample}")
        log = keep_document(
            bound,
            kind=SAMPLE,
            title=f"复核表 {sample}（{sample.division.name}）",
            division=sample.division_id,
            filters={"年度": str(sample.year), "种子": sample.seed},
            rows=len(households),
            persons=people_in_sample(sample),
            figures={"复核表": {"户数": str(len(households)), "页数": str(pages)}},
            rows_sha256=hashlib.sha256(
                "".join(f"{one.household.household_no}\n" for one in households).encode()
            ).hexdigest(),
            actor=actor,
            at=at,
            key=key,
            job_id=job_id,
            approval=approval,
        )
    note(object_key=log.serial, division=log.division, detail={"sheets": len(households), "kind": SAMPLE})
    return log
