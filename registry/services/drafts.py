"""Keep what somebody is typing, encrypted as a whole and for him alone: ID numbers stand in it."""

import json
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.http import urlencode

from fupin.accounts.models import User
from fupin.vault.cipher import decrypt, encrypt
from registry.models import FormDraft

KIND: Final = "draft"
"""What the ciphertext is bound to besides the draft's own id."""


@transaction.atomic
def save_draft(
    *,
    actor: User,
    draft_id: UUID,
    form: str,
    subject: str,
    title: str,
    division: int | None,
    sequence: int,
    fields: Iterable[tuple[str, str]],
) -> bool:
    """Keep the fields of a form as typed and tell whether they were kept: an older state never replaces a newer one.

    `sequence` grows with every state that a browser sends. Raise FormDraft.DoesNotExist for another author's draft.
    """
    known = FormDraft.objects.select_for_update().filter(pk=draft_id).first()
    draft = known or FormDraft(pk=draft_id, author=actor)
    if sequence <= draft.sequence:
        return False
    payload = json.dumps([list(pair) for pair in fields], ensure_ascii=False, separators=(",", ":"))
    draft.form, draft.subject, draft.title = form, subject, title
    draft.division, draft.sequence = division, sequence
    draft.payload = encrypt(payload, row=draft_id, kind=KIND)
    try:
        with transaction.atomic():
            draft.save(force_insert=known is None)
    except IntegrityError as taken:  # somebody else's, which the row policy hides
        raise FormDraft.DoesNotExist from taken
    return True


def draft_fields(*, actor: User, draft_id: UUID) -> QueryDict:
    """Return the fields as the form would post them; raise FormDraft.DoesNotExist when the actor has no such draft."""
    draft = FormDraft.objects.get(pk=draft_id, author=actor)
    pairs = json.loads(decrypt(bytes(draft.payload), row=draft.pk, kind=KIND))
    return QueryDict(urlencode(pairs))


def discard_draft(*, actor: User, draft_id: UUID) -> bool:
    """Throw a draft away; tell whether there was one of the actor's."""
    deleted, _ = FormDraft.objects.filter(pk=draft_id, author=actor).delete()
    return bool(deleted)
