"""What the database and the books refuse, in words; and who was faster."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from funds.errors import AlreadyDecided, MoneyRefused
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.accounts.models import User
from fupin.ledgers.errors import LedgerError, NotEnough
from fupin.lib.money import grouped

FIELDS: Mapping[str, str] = {
    "placement_amount_positive": "amount_yuan",
    "placement_other_way_for_a_reason": "use_way_reason",
    "placement_private_run_below_investment": "investment_yuan",
    "paymentbatch_period_of_the_calendar": "period",
    "funds_placement_in_the_pool": "project",
    "fundreturn_amount_positive": "amount_yuan",
    "funds_return_in_full": "amount_yuan",
    "funds_recovery_within_what_was_paid": "amount_yuan",
}
"""At which field a refusal of the database is mended."""


@contextmanager
def spoken(*, amount: str = "amount_yuan") -> Iterator[None]:
    """Carry an act out whole or not at all; what database and books refuse is raised as MoneyRefused in their words.

    ``amount`` is the field at which an amount that is not there is mended.
    """
    try:
        with transaction.atomic():
            yield
    except NotEnough as short:
        raise MoneyRefused(
            {amount: f"{short.account.title}余额 {grouped(short.balance)} 元，不够"}
        ) from short
    except LedgerError as refused:
        raise MoneyRefused(str(refused)) from refused
    except IntegrityError as violation:
        name = name_of(violation)
        text = message_of(violation)
        if not text and not said_by_database(violation).isascii():
            text = said_by_database(violation)
        if not text:
            raise
        raise MoneyRefused({FIELDS.get(name, ""): text}) from violation


def refuse_decided(what: str, *, by: User | None, on: date | None, became: str) -> None:
    """Raise AlreadyDecided: somebody was faster."""
    who = (by.full_name or by.username) if by is not None else "他人"
    raise AlreadyDecided(f"{what}已由{who}{f'于 {on:%Y-%m-%d} ' if on else ''}{became}，请刷新页面")


def needed(text: str, field: str, what: str) -> str:
    """Return the text without the spaces around it; raise MoneyRefused where nothing is left."""
    found = text.strip()
    if not found:
        raise MoneyRefused({field: f"请填写{what}"})
    return found


def not_future(day: date, today: date, field: str = "on") -> None:
    """Raise MoneyRefused for a day after today."""
    if day > today:
        raise MoneyRefused({field: "日期不能晚于今天"})
