"""The scope of a transaction: which divisions the present actor may see, told to PostgreSQL row-level security.

The setting is local to the transaction. Without it every scoped table answers with an error, never with rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE, code_range


class NoPost(Exception):
    """The user holds no post today, so there is nothing that he may see."""


def enter_scope(low: int, high: int, *, user_id: int | None, using: str = DEFAULT_DB_ALIAS) -> None:
    """Open the half-open range of division codes to the rest of this transaction, on behalf of a user."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a scope lives in a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true), set_config('app.user', %s, true)",
            [str(low), str(high), str(user_id or "")],
        )


def leave_scope(*, user_id: int | None = None, using: str = DEFAULT_DB_ALIAS) -> None:
    """Close the scope for the rest of this transaction: scoped tables answer with an error, never with rows."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.lo', '', true), set_config('app.hi', '', true), set_config('app.user', %s, true)",
            [str(user_id or "")],
        )


@contextmanager
def acting_as(user: User) -> Iterator[User]:
    """Run a block in one transaction and in the scope of ``user.post``; raise NoPost when there is none."""
    if user.post is None:
        raise NoPost(str(user))
    with transaction.atomic():
        low, high = user.post.code_range
        enter_scope(low, high, user_id=user.pk)
        yield user


@contextmanager
def whole_province(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Run a block in one transaction that sees the whole province: for commands and scheduled jobs only."""
    with transaction.atomic(using=using):
        low, high = code_range(PROVINCE_CODE)
        enter_scope(low, high, user_id=None, using=using)
        yield
