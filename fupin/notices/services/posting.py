"""Post a notice: with its photograph, for all to read; and take it down."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.pictures import SUFFIXES, NoPicture, type_of, without_hidden_data
from fupin.notices import sheets
from fupin.notices.errors import NoticeError, NotPublishable, PhotoRefused
from fupin.notices.models import DraftStatus, Notice, NoticeDraft, NoticeLine, NoticePhoto
from fupin.notices.rules import leaks
from fupin.notices.rules.period import due_on
from fupin.policy.cites import cites
from fupin.policy.standards import figure

MOST_BYTES: Final = 10 * 1024 * 1024
REASON: Final = 4
"""A reason of fewer characters says nothing."""


class Upload(Protocol):
    """What was sent: an uploaded file, or one that a test made."""

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterator[bytes]: ...


@cites("§9", "继续坚持行政村公告公示")
@transaction.atomic
def post(
    *,
    actor: User,
    draft: NoticeDraft,
    place: str,
    photo: Upload,
    photographed_on: date,
    on: date,
    today: date,
) -> Notice:
    """Make a draft public: it hung at ``place`` from the day ``on``, as the photograph shows.

    The day has to be the one that stands on the sheet; it may be recorded up to three days later, never ahead. Raise NoticeError,
    NotPublishable, PhotoRefused, Refused.
    """
    draft = NoticeDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    require(actor, "notices.post", at=draft.division_id)
    _may_be_posted(draft, on=on, today=today)
    place = _named(place)
    rows = [sheets.restored(row) for row in draft.rows]
    sums = sheets.sums_of(rows, [column for column, _label in draft.headings])
    days = draft.period
    notice = Notice(
        **{name: getattr(draft, name) for name in _SAME},
        draft=draft,
        first_on=days.first,
        last_on=days.last,
        passes_on=days.passes_on,
        line_count=sums.rows,
        persons=sums.persons,
        amount=sums.amount,
        place=place,
        check_code=sheets.code_of(draft, sheets.record_of(draft, rows)),
        posted_by=actor,
    )
    notice.save(force_insert=True)
    NoticeLine.objects.bulk_create(
        NoticeLine(
            notice=notice,
            division_id=notice.division_id,
            position=position,
            subject_key=row.subject_key,
            name=row.name,
            village=row.village,
            natural_village=row.natural_village,
            persons=row.persons,
            kind=row.kind,
            reason=row.reason,
            amount=row.amount,
        )
        for position, row in enumerate(rows, start=1)
    )
    draft.status = DraftStatus.POSTED
    draft.save(update_fields=["status"])
    _keep(actor, notice, photo, photographed_on, today)
    _note("notices.post", notice)
    return notice


_SAME: Final = (
    "number",
    "kind",
    "kind_title",
    "group",
    "division_id",
    "year",
    "title",
    "doc_no",
    "issuer",
    "contact_office",
    "contact_phone",
    "text",
    "headings",
    "unit",
    "posted_on",
    "days",
    "objectable",
)


@transaction.atomic
def add_photo(
    *, actor: User, notice: Notice, photo: Upload, photographed_on: date, today: date
) -> NoticePhoto:
    """Add a photograph of a notice that hangs, e.g. of its last day."""
    require(actor, "notices.post", at=notice.division_id)
    if notice.taken_down_on is not None:
        raise NoticeError("公示已撤下，不能再补照片")
    kept = _keep(actor, notice, photo, photographed_on, today)
    _note("notices.add_photo", notice)
    return kept


@transaction.atomic
def take_down(*, actor: User, notice: Notice, because: str, on: date) -> Notice:
    """Take a notice down; its names leave the public page. Before its last day is over it then counts for nothing."""
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    require(actor, "notices.take_down", at=notice.division_id)
    because = because.strip()
    if notice.taken_down_on is not None:
        raise NoticeError("公示已撤下")
    if len(because) < REASON:
        raise NoticeError(f"请写明撤下原因，至少 {REASON} 个字")
    if leaks(because):
        raise NotPublishable(["撤下原因会公开，不能写证件号、账号或电话"])
    if on < notice.posted_on:
        raise NoticeError("撤下日期不能早于张贴日期")
    notice.taken_down_on, notice.taken_down_by, notice.taken_down_because = on, actor, because[:200]
    notice.save(update_fields=["taken_down_on", "taken_down_by", "taken_down_because"])
    _note("notices.take_down", notice)
    return notice


def _may_be_posted(draft: NoticeDraft, *, on: date, today: date) -> None:
    if draft.status != DraftStatus.DRAFT:
        raise NoticeError(f"公示稿{draft.get_status_display()}，不能再张贴")
    if on != draft.posted_on:
        raise NoticeError(f"稿面日期是 {draft.posted_on}，与张贴日期不同：请先改稿面日期，重新打印")
    if on > today:
        raise NoticeError("张贴日期不能晚于今天")
    late = int(figure("posting_record_days", on.year))
    if today > due_on(on, late):
        raise NoticeError(f"张贴已超过 {late} 天，不能补记：请改稿面日期，重新张贴")


def _named(place: str) -> str:
    place = place.strip()
    if not place:
        raise NoticeError("请填写张贴地点，如村委会公示栏")
    if leaks(place):
        raise NotPublishable(["张贴地点会公开，不能写证件号、账号或电话"])
    return place[:60]


def _keep(actor: User, notice: Notice, photo: Upload, taken_on: date, today: date) -> NoticePhoto:
    """Keep a photograph without its hidden data; the file goes again when the row does not come to stay."""
    if not notice.posted_on <= taken_on <= today:
        raise PhotoRefused("拍摄日期应在张贴之日至今天之间")
    try:
        content = without_hidden_data(_read(photo))
    except NoPicture as wrong:
        raise PhotoRefused("张贴照片应为 JPG 或 PNG 图片") from wrong
    content_type = type_of(content)
    kept = NoticePhoto(
        notice=notice,
        division_id=notice.division_id,
        taken_on=taken_on,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
    )
    kept.file.save(f"{uuid4().hex}.{SUFFIXES[content_type]}", ContentFile(content), save=False)
    try:
        kept.save(force_insert=True)
    except BaseException:
        kept.file.delete(save=False)
        raise
    return kept


def _read(photo: Upload) -> bytes:
    content = b""
    for chunk in photo.chunks():
        content += chunk
        if len(content) > MOST_BYTES:
            raise PhotoRefused("照片超过 10 MB，请压缩后上传")
    return content


def _note(action: str, notice: Notice) -> None:
    note(action=action, object_key=f"notice:{notice.number}", division=notice.division_id)
