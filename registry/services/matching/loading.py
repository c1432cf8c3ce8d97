"""A list is taken in whole or not at all: COPYed, matched set-wise, and withdrawn if it was a mistake."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.db import connection

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.sheets.opening import Sent
from registry.codes.outside import ListKind
from registry.errors import MatchingRefused
from registry.models import OutsideList
from registry.rules.matching import MEANINGS
from registry.services.matching.reading import ListedPerson, read_list
from registry.services.matching.refusing import told

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(frozen=True, slots=True)
class ListGiven:
    """What is said of a list when it is handed in."""

    kind: ListKind
    division: Division
    source: str
    document: str
    as_of: date
    file_name: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list that was taken in, and how many members stand on it whose card does not say so."""

    list: OutsideList
    hits: int


def load_list(
    *,
    actor: User,
    given: ListGiven,
    content: bytes,
    on: date,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Loaded:
    """Take a list in and match it with everybody within its division.

    Raise RowsRefused with every bad row, MatchingRefused for a file that is none or was taken in before, Refused.
    """
    require(actor, "registry.load_list", at=given.division.pk)
    require_supplier(actor, given.kind)
    if given.as_of > on:
        raise MatchingRefused("截止日期不能晚于今天")
    digest = hashlib.sha256(content).hexdigest()
    standing = OutsideList.objects.standing().filter(
        kind=given.kind, division=given.division, file_sha256=digest
    )
    if standing.exists():
        raise MatchingRefused("这个文件已经装入过，名册不重复装入")
    places = set(Division.objects.within(given.division.pk).values_list("code", flat=True))
    people = read_list(
        Sent(given.file_name, content),
        kind=given.kind,
        division=given.division.pk,
        places=places,
        on=on,
        progress=progress,
    )
    with told():
        taken = OutsideList.objects.create(
            division=given.division,
            kind=given.kind,
            source=given.source,
            document=given.document,
            as_of=given.as_of,
            file_name=given.file_name[-120:],
            file_sha256=digest,
            row_count=len(people),
            loaded_by=actor,
        )
        stage(taken.pk, people)
        hits = take(taken.pk)
    note(
        object_key=f"outsidelist:{taken.pk}",
        division=given.division.pk,
        detail={"kind": given.kind, "rows": len(people), "hits": hits, "sha256": digest},
    )
    return Loaded(taken, hits)


def require_supplier(actor: User, kind: ListKind) -> None:
    """Let pass whoever hands in lists of this kind; raise MatchingRefused: civil affairs hand in their own."""
    if actor.post is None or actor.post.role not in MEANINGS[kind].suppliers:
        raise MatchingRefused(f"{kind.label}名册不由您的岗位装入")


def stage(of_list: int, people: Sequence[ListedPerson]) -> None:
    """COPY the rows to where the database takes them from; nobody reads them there."""
    lines = [
        f"{of_list}\t{one.number}\t\\\\x{one.index.hex()}\t{one.masked}\t{one.name.translate(_ESCAPES)}"
        f"\t{json.dumps(one.note, ensure_ascii=False).translate(_ESCAPES)}\t{one.fact.translate(_ESCAPES)}\t{one.place}"
        for one in people
    ]
    lines.append("")
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor  # psycopg2's own, past Django's wrapper
        inner.copy_expert(
            "COPY registry_outsidestaging (list_id, number, id_no_index, id_no_masked, name, note, fact, place) FROM STDIN",
            StringIO("\n".join(lines)),
            262_144,
        )


def take(of_list: int) -> int:
    """Have the database take the staged rows in and match them; return the number of hits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hits FROM registry_take_list(%s)", [of_list])
        row = cursor.fetchone()
    return int(row[0])


def withdraw_list(*, actor: User, outside: OutsideList, reason: str, on: date) -> None:
    """Withdraw a mistaken list; its undecided hits go, what was decided stays. Raise MatchingRefused, Refused."""
    require(actor, "registry.load_list", at=outside.division_id)
    require_supplier(actor, ListKind(outside.kind))
    if not reason.strip():
        raise MatchingRefused("请写明撤销理由")
    with told():
        OutsideList.objects.filter(pk=outside.pk).update(withdrawn_on=on, withdrawn_because=reason.strip())
    outside.refresh_from_db()
    note(object_key=f"outsidelist:{outside.pk}", division=outside.division_id, reason=reason)
