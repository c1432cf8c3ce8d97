"""The rows of a department's list as they are matched: ID numbers made plain and turned into blind indexes, every fault named."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fupin.lib import idnumber
from fupin.lib.masking import is_masked, mask_id_no
from fupin.lib.plaintext import tight
from fupin.sheets.opening import FileRefused, Sent, headings_at, open_list
from fupin.vault.cipher import blind_index
from registry.codes.outside import ListKind
from registry.errors import MatchingRefused, RowFault, RowsRefused
from registry.rules.matching import ID_HEADING, NAME_HEADING, PLACE_HEADING, fact_of, headings

LONGEST: Final = 200
"""Characters of a cell that are kept."""

_OTHER_NAMES: Final = {
    "身份证号码": ID_HEADING,
    "身份证号": ID_HEADING,
    "公民身份号码": ID_HEADING,
    "证件号码": ID_HEADING,
}
_EVERY: Final = 5000


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A row of a list: `index` finds the person, `masked` is all of the number that is kept."""

    number: int
    index: bytes
    masked: str
    name: str
    note: Mapping[str, str]
    fact: str
    place: int


def read_list(
    sent: Sent,
    *,
    kind: ListKind,
    division: int,
    places: Collection[int],
    on: date,
    progress: Callable[[int], None] = lambda _rows: None,
) -> list[ListedPerson]:
    """Return the rows of a file, or raise RowsRefused with every bad row, MatchingRefused for a file that is none.

    `places` are the codes that the column of divisions may name; a row without one lies in `division`, that of the list.
    """
    try:
        rows = open_list(sent)
        found = list(_checked(rows, kind, division, places, on, progress))
    except FileRefused as refused:
        raise MatchingRefused(str(refused)) from refused
    if faults := [one for one in found if isinstance(one, RowFault)]:
        raise RowsRefused(faults, len(found))
    people = [one for one in found if isinstance(one, ListedPerson)]
    if not people:
        raise MatchingRefused("表头以下没有一行，名册没有装入")
    return people


def _checked(
    rows: Iterator[tuple[int, list[str]]],
    kind: ListKind,
    division: int,
    places: Collection[int],
    on: date,
    progress: Callable[[int], None],
) -> Iterator[ListedPerson | RowFault]:
    """Yield each row as it is kept, or what is wrong with it."""
    _, header = next(rows, (0, []))
    known = headings(kind)
    header = [_OTHER_NAMES.get(tight(heading).strip("*＊"), heading) for heading in header]
    at = headings_at(header, needed=(NAME_HEADING, ID_HEADING), known=known)
    more = [(heading, at[heading]) for heading in known[2:] if heading in at]
    name_at, id_at, place_at = at[NAME_HEADING], at[ID_HEADING], at.get(PLACE_HEADING)
    width = max(at.values()) + 1
    seen: dict[tuple[bytes, str], int] = {}
    for done, (number, row) in enumerate(rows, start=1):
        if done % _EVERY == 0:
            progress(done)
        cells = row if len(row) >= width else [*row, *[""] * (width - len(row))]
        id_no, wrong = _id_number(cells[id_at], on)
        name = cells[name_at]
        if not name or len(name) > 50:
            text = "没有姓名，请补填" if not name else "姓名超过 50 字"
            yield RowFault(number, text, NAME_HEADING, name[:50])
            continue
        if wrong:
            yield RowFault(number, wrong, ID_HEADING, mask_id_no(tight(cells[id_at]))[:22])
            continue
        place = division
        if place_at is not None and (text := tight(cells[place_at])):
            if not (text.isascii() and text.isdigit()) or int(text) not in places:
                text = "区划代码不在名册范围之内：应为本辖区的 12 位代码，不知道的留空"
                yield RowFault(number, text, PLACE_HEADING, cells[place_at][:20])
                continue
            place = int(text)
        note = {heading: cells[column] for heading, column in more if cells[column]}
        if long := next((heading for heading, text in note.items() if len(text) > LONGEST), None):
            yield RowFault(number, f"“{long}”超过 {LONGEST} 字", long)
            continue
        index, fact = blind_index("id_no", id_no), fact_of(kind, note)
        if (before := seen.setdefault((index, fact), number)) != number:
            yield RowFault(number, f"与第 {before} 行重复，请删去一行", ID_HEADING, mask_id_no(id_no))
            continue
        yield ListedPerson(number, index, mask_id_no(id_no), name, note, fact, place)


def _id_number(text: str, on: date) -> tuple[str, str]:
    """Return the number that tells the person apart, and what is wrong with it."""
    number = idnumber.normal(text)
    if not number:
        return "", "没有身份号码，请补填"
    if "E+" in number or "." in number:
        return "", "身份号码被表格存成了数字，末几位已丢失：请把该列设为文本格式，从原表重新填写"
    if is_masked(number):
        return "", "身份号码带星号，比对须有完整号码"
    if len(number) == 15 and number.isdigit():
        number = idnumber.upgraded(number)
    if len(number) in {20, 22} and idnumber.disability_well_formed(number):
        number = idnumber.person_key(number)
    flaw = idnumber.flaw(number, today=on)
    return number, f"身份号码{flaw}" if flaw else ""
