"""Object to a notice, without signing in or through an office; look an answer up by number and code."""

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.phone import is_phone, normal
from fupin.lib.plaintext import holds_control
from fupin.notices.errors import ObjectionRefused, told_of_objections
from fupin.notices.models import Channel, Notice, ObjectionStatus
from fupin.notices.rules import leaks
from fupin.notices.rules.period import due_on
from fupin.policy.standards import figure
from fupin.prints.checkcode import ALPHABET, normalised
from fupin.vault.cipher import encrypt
from fupin.vault.sealing import mask, row_id

LEAST, MOST = 10, 1000
"""Characters of a statement."""
CODE_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever objects keeps: the number and the code that open the answer. The code is shown once and kept by nobody."""

    number: str
    code: str
    accept_due_on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """How an objection stands, as told to whoever knows number and code: nothing of who wrote what."""

    number: str
    notice: str
    title: str
    status: str
    filed_on: date
    accept_due_on: date
    accepted_on: date | None
    settle_due_on: date | None
    settled_on: date | None
    upheld: bool | None
    answer: str

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(ObjectionStatus(self.status).label)


def object_to(
    *,
    notice: Notice,
    statement: str,
    entry_key: UUID,
    on: date,
    position: int | None = None,
    name: str = "",
    phone: str = "",
    channel: Channel = Channel.WEB,
    actor: User | None = None,
) -> Receipt:
    """File an objection to a notice, or to the row at ``position``, and return its receipt; the same ``entry_key`` files it once.

    From this moment what the row is about goes no further. Name and phone may be left out; they lie sealed. Through the web nobody
    is asked who he is; any other channel is recorded by an ``actor`` of the notice's division. Raise ObjectionRefused, Refused.
    """
    if channel is not Channel.WEB:
        if actor is None:
            raise ObjectionRefused("当面、电话和来信的异议须由工作人员登记")
        require(actor, "notices.record_objection", at=notice.division_id)
    statement, name, phone = statement.strip(), " ".join(name.split()), normal(phone)
    _may_be_filed(notice, statement, name, phone, position, on)
    due = due_on(on, int(figure("objection_accept_days", on.year)))
    code = _code_of(entry_key)
    values: list[Any] = [notice.pk, position, on, due, channel.value, statement, entry_key, _digest(code)]
    for kind, value in (("name", name), ("phone", phone)):
        row = row_id() if value else None
        values += [row, encrypt(value, row=row, kind=kind), mask(kind, value)] if row else [None, None, ""]
    with told_of_objections(), connection.cursor() as cursor:
        cursor.execute(f"SELECT notices_object({', '.join(['%s'] * len(values))})", values)
        number = cursor.fetchone()[0]
    note(object_key=f"objection:{number}", division=notice.division_id, detail={"notice": notice.number})
    return Receipt(number, code, due)


def look_up(*, number: str, code: str) -> Answer | None:
    """Return how an objection stands, None where number and code don't belong together."""
    digest = _digest(normalised(code))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_answer(%s, %s)", [number.strip().upper(), digest])
        found = cursor.fetchone()
    return Answer(*found) if found else None


def grouped_code(code: str) -> str:
    """Return the code as it is shown, e.g. `7F3K2-0Q9XM`."""
    return f"{code[:5]}-{code[5:]}"


def _may_be_filed(
    notice: Notice, statement: str, name: str, phone: str, position: int | None, on: date
) -> None:
    if not notice.objectable:
        raise ObjectionRefused("这是公告，不受理异议")
    if notice.taken_down_on is not None:
        raise ObjectionRefused("公示已撤下，不能再提异议")
    if not notice.posted_on <= on <= notice.last_on:
        raise ObjectionRefused(f"公示期到 {notice.last_on} 24:00 止，不能再提异议")
    if position is not None and not 1 <= position <= notice.line_count:
        raise ObjectionRefused("名单中没有这一行")
    if len(statement) < LEAST:
        raise ObjectionRefused(f"请把情况写清楚，至少 {LEAST} 个字")
    if len(statement) > MOST:
        raise ObjectionRefused(f"最多 {MOST} 个字，更多的材料请当面交")
    if holds_control(statement) or holds_control(name):
        raise ObjectionRefused("文字中有无法识别的字符")
    if found := leaks(statement):
        raise ObjectionRefused(f"请不要在异议内容中写{'、'.join(map(str, found))}；联系电话写在下面一栏")
    if len(name) > 20 or leaks(name):
        raise ObjectionRefused("姓名不超过 20 个字，不能是号码")
    if phone and not is_phone(phone):
        raise ObjectionRefused("电话应为 11 位手机号，或带区号的座机，如 0358-4422000")


def _code_of(entry_key: UUID) -> str:
    """Return the code of an entry: sent twice it gets the same one, though no table knows it."""
    bits = int.from_bytes(_keyed(b"codes of objections", entry_key.bytes)[:7])
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (CODE_LENGTH - 1), -1, -5))


def _digest(code: str) -> bytes:
    return _keyed(b"digests of objection codes", code.encode())


def _keyed(purpose: bytes, value: bytes) -> bytes:
    key = hmac.digest(settings.VAULT_INDEX_KEY, purpose, "sha256")
    return hmac.digest(key, value, "sha256")
