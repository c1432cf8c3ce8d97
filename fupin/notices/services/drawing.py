"""Draw up a notice from an app's rows: nothing gets on it that the whitelist does not name."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.notices import sheets
from fupin.notices.errors import NoticeError, NotPublishable
from fupin.notices.kinds import KINDS, Drawing, NoticeKind
from fupin.notices.models import DraftStatus, NoticeDraft
from fupin.notices.rules import Row, leaks, period
from fupin.notices.rules.columns import flaws
from fupin.notices.rules.identifying import LANDLINE
from fupin.policy.standards import figure

MOST_NAMED = 5
"""Flaws of a list are named one by one up to so many."""


@transaction.atomic
def draw_up(
    *,
    actor: User,
    kind: str,
    division: Division,
    rows: Iterable[Row],
    year: int,
    on: date,
    doc_no: str = "",
    issuer: str = "",
    contact_office: str = "",
    contact_phone: str = "",
) -> NoticeDraft:
    """Return the draft of a notice to be posted in ``division`` on the day ``on``, its text written from its rows.

    ``kind`` is the code of a registered kind. Without ``issuer`` the office of the actor's division signs. Raise NotPublishable when
    a row or a text holds what may not be made public, NoticeError for an empty list, Refused.
    """
    require(actor, "notices.draw_up", at=division.pk)
    how = KINDS[kind]
    rows = list(rows)
    if not rows:
        raise NoticeError("名单是空的，没有可公示的")
    office = issuer.strip() or _office(actor)
    draft = NoticeDraft(
        number=f"{on.year}{_next_number():06}",
        kind=how.code,
        kind_title=how.title,
        group=how.group,
        division=division,
        year=year,
        title=f"{division.path_name}{year}年{how.title}",
        doc_no=doc_no.strip(),
        issuer=office,
        contact_office=contact_office.strip() or office,
        contact_phone=contact_phone.strip(),
        headings=how.headings,
        unit=how.unit,
        posted_on=on,
        days=int(figure(how.days, on.year)),
        objectable=how.objectable,
        rows=[sheets.stored(row) for row in rows],
        drawn_by=actor,
    )
    draft.text = _text(how, draft, rows)
    _refuse_what_identifies(draft, how, rows)
    draft.save(force_insert=True)
    note(
        action="notices.draw_up",
        object_key=f"notice:{draft.number}",
        division=division.pk,
        detail={"rows": len(rows)},
    )
    return draft


@transaction.atomic
def redate(*, actor: User, draft: NoticeDraft, on: date) -> NoticeDraft:
    """Move a draft to another day of posting: its text and period change, so the sheet has to be printed again."""
    draft = _open(actor, draft)
    draft.posted_on = on
    draft.text = _text(KINDS[draft.kind], draft, [sheets.restored(row) for row in draft.rows])
    draft.save(update_fields=["posted_on", "text"])
    note(action="notices.redate", object_key=f"notice:{draft.number}", division=draft.division_id)
    return draft


@transaction.atomic
def discard(*, actor: User, draft: NoticeDraft, reason: str) -> NoticeDraft:
    """Give a draft up; it stays in the table, marked."""
    draft = _open(actor, draft)
    draft.status = DraftStatus.DISCARDED
    draft.save(update_fields=["status"])
    note(
        action="notices.discard",
        object_key=f"notice:{draft.number}",
        division=draft.division_id,
        reason=reason,
    )
    return draft


def _open(actor: User, draft: NoticeDraft) -> NoticeDraft:
    draft = NoticeDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    require(actor, "notices.draw_up", at=draft.division_id)
    if draft.status != DraftStatus.DRAFT:
        raise NoticeError(f"公示稿{draft.get_status_display()}，不能再改")
    return draft


def _text(how: NoticeKind, draft: NoticeDraft, rows: list[Row]) -> str:
    """Write the paragraph above the list."""
    sums = sheets.sums_of(rows, [column.value for column in how.columns])
    subjects = tuple(row.subject_key for row in rows)
    days = period(draft.posted_on, draft.days)
    return how.write(Drawing(draft.division.path_name, draft.year, sums, days, subjects))


def _refuse_what_identifies(draft: NoticeDraft, how: NoticeKind, rows: list[Row]) -> None:
    """Raise NotPublishable with every place that may not be made public (security.md row 26)."""
    found = [f"第 {at} 行{flaw}" for at, row in enumerate(rows, start=1) for flaw in flaws(row, how.columns)]
    for label, text in (
        ("标题", draft.title),
        ("文号", draft.doc_no),
        ("落款单位", draft.issuer),
        ("异议受理单位", draft.contact_office),
        ("正文", draft.text),
    ):
        found += [f"{label}中有{leak}" for leak in leaks(text)]
    if draft.contact_phone and not LANDLINE.fullmatch(draft.contact_phone):
        found.append("异议受理电话只能是单位座机，如 0358-4422000")
    if found:
        more = [f"等 {len(found)} 处"] if len(found) > MOST_NAMED else []
        raise NotPublishable([*found[:MOST_NAMED], *more])


def _office(actor: User) -> str:
    """The office in whose name the actor's post signs."""
    if actor.post is None:
        return ""
    place = actor.post.division
    return f"{place.name}{_SIGNS[place.level]}"


_SIGNS = {1: "扶贫开发办公室", 2: "扶贫开发办公室", 3: "扶贫开发办公室", 4: "人民政府", 5: "村民委员会"}
"""By level of the division, as procedures §4 names who posts."""


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('notices_number')")
        return int(cursor.fetchone()[0]) % 1_000_000
