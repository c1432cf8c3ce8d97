"""One mail a person a day: what came up since the last. It names no person and no household, only kinds, places and days."""

import logging
from datetime import date, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse

from fupin.accounts.models import User
from fupin.accounts.scope import whole_province
from fupin.deadlines.models import Digest, Reminder
from fupin.deadlines.reports import lines_of

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 12
"""After so many failures in a day the mail waits for the next day's."""


def send_digests(*, day: date, now: datetime) -> int:
    """Send the day's mail to everybody with something new to be told and an address; return how many went out.

    A person who has had his mail today finds the rest in tomorrow's. What the mail server refuses is tried again in the next
    round. May run twice at once.
    """
    with whole_province():
        new = Reminder.objects.waiting().filter(user_id=OuterRef("pk"), digest__isnull=True)
        had = Digest.objects.filter(user_id=OuterRef("pk"), day=day, sent_at__isnull=False)
        people = (
            User.objects.filter(Exists(new), ~Exists(had), is_active=True).exclude(email="").order_by("pk")
        )
        waiting = list(people)
        Digest.objects.bulk_create([Digest(user=user, day=day) for user in waiting], ignore_conflicts=True)
    return sum(_send(user, day=day, now=now) for user in waiting)


def _send(user: User, *, day: date, now: datetime) -> bool:
    """Send one mail under the lock of its row, so that nobody else sends it meanwhile; return whether it went out."""
    with whole_province():
        digest = (
            Digest.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(user=user, day=day, sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
            .first()
        )
        if digest is None:
            return False
        told = Reminder.objects.waiting().filter(user=user, digest__isnull=True)
        lines = lines_of(told, day)
        if not lines:
            return False
        try:
            _mail(user, day, lines).send()
        except (SMTPException, OSError) as error:
            log.warning("digest of user %s on %s not sent: %s", user.pk, day, type(error).__name__)
            Digest.objects.filter(pk=digest.pk).update(
                attempts=F("attempts") + 1, failure=type(error).__name__
            )
            return False
        Reminder.objects.filter(pk__in=told.values("pk")).update(digest=digest)
        Digest.objects.filter(pk=digest.pk).update(attempts=F("attempts") + 1, sent_at=now, failure="")
    return True


def _mail(user: User, day: date, lines: list[dict[str, object]]) -> EmailMessage:
    """Return the mail; its id is the user's and the day's, so that a copy is known as one."""
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    count = sum(int(str(line["count"])) for line in lines)
    context = {
        "user": user,
        "day": day,
        "lines": lines,
        "inbox": f"{origin}{reverse('reminder_list')}" if origin else "",
    }
    return EmailMessage(
        subject=f"时限提醒 {day:%Y-%m-%d}：{count} 件",
        body=render_to_string("deadlines/digest.txt", context),
        to=[user.email],
        headers={
            "Message-ID": f"<deadlines.{user.pk}.{day:%Y%m%d}@fupin>",
            "Auto-Submitted": "auto-generated",
        },
    )
