"""What the correction slips of cards and tables have in common: when one may be asked for, keeping it, and applying it."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import UUID, uuid4

import pghistory
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of
from fupin.accounts.models import User
from fupin.vault.cipher import decrypt, encrypt
from registry.errors import SlipRefused, StaleCard
from registry.models import CorrectionSlip, HouseholdYear, LabourerYear, VillageYear
from registry.services.years import is_closed

_KIND = "slip"


def sealed(text: str) -> dict[str, str]:
    """Return a slip's payload: what it asks for, encrypted, because full numbers may stand in it."""
    key = uuid4()
    return {"key": str(key), "sealed": base64.b64encode(encrypt(text, row=key, kind=_KIND)).decode()}


def opened(payload: Mapping[str, str]) -> str:
    """Return what `sealed` was given."""
    return decrypt(base64.b64decode(payload["sealed"]), row=UUID(payload["key"]), kind=_KIND)


def proposed(
    *,
    actor: User,
    about: HouseholdYear | VillageYear | LabourerYear,
    what: str,
    base_version: int,
    payload: str,
    changes: Sequence[Mapping[str, str]],
    reason: str,
    evidence: str,
    key: str,
) -> CorrectionSlip:
    """Return the stored slip about a card or table (`what`), which changes it to `payload`.

    Raise SlipRefused when there is nothing to correct, or an open slip already.
    """
    if not changes:
        raise SlipRefused(f"更正后与现在的{what}相同，没有更正事项")
    slip = CorrectionSlip(
        division_id=about.division_id,
        base_version=base_version,
        payload=sealed(payload),
        changes=list(changes),
        reason=reason.strip(),
        evidence=evidence.strip(),
        made_by=actor,
        **{_COLUMN[type(about)]: about},
    )
    _store(slip)
    note(
        object_key=key,
        division=about.division_id,
        reason=slip.reason,
        detail={"slip": slip.pk, "changes": len(changes)},
    )
    return slip


def require_slip(
    about: HouseholdYear | VillageYear | LabourerYear, *, what: str, base_version: int, reason: str
) -> None:
    """Raise SlipRefused while the year is open or without a reason, StaleCard when it was corrected in between."""
    if not is_closed(about.year):
        raise SlipRefused(f"{about.year}年度未关账，请直接修改{what}")
    if not reason.strip():
        raise SlipRefused("请填写更正理由")
    if about.version != base_version:
        raise StaleCard(base=base_version, current=about.version)


def require_unchanged(slip: CorrectionSlip) -> None:
    """Raise SlipRefused when what a slip is about has changed since it was filled in."""
    version = slip.about.version
    if version != slip.base_version:
        raise SlipRefused(
            f"{slip.what}在填单之后又有更正（填单时第{slip.base_version}版，现为第{version}版），请退回重填"
        )


_COLUMN: Final[Mapping[type[Model], str]] = {
    HouseholdYear: "household_year",
    VillageYear: "village_year",
    LabourerYear: "labourer_year",
}


def _store(slip: CorrectionSlip) -> None:
    """Store a new slip; raise SlipRefused where the tables refuse it, as for a second open one."""
    try:
        with transaction.atomic():
            slip.save(force_insert=True)
    except IntegrityError as violation:
        message = message_of(violation)
        if not message:
            raise
        raise SlipRefused(message) from violation


@contextmanager
def by_slip(slip: CorrectionSlip) -> Iterator[None]:
    """Let a block write the closed year that an applied slip is about; the history keeps its reason."""
    with pghistory.context(reason=f"更正单{slip.pk}：{slip.reason}", slip=slip.pk):
        _name(str(slip.pk))
        yield
        _name("")


def _name(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.correction_slip', %s, true)", [number])
