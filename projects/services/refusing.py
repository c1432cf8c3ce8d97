"""What the database refuses, said in its words at the field that they are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError, transaction

from fupin.accounts.constraints import message_of, name_of, said_by_database

_FIELDS: Final = {
    "project_not_above_county": "division",
    "project_money_positive": "planned_yuan",
    "project_industry_of_an_industry": "industry",
    "project_other_way_for_a_reason": "use_way_reason",
    "project_province_for_a_reason": "prov_approval_reason",
    "project_days_in_order": "planned_finish_on",
}
"""At which field of the form a constraint is shown; the others stand for the project as a whole."""


def words_of(error: IntegrityError) -> tuple[str, str]:
    """Return the field that a refusal is about, '' for none, and its words. What has no words is raised again: a fault of ours."""
    name = name_of(error)
    words = message_of(error)
    if not words and name.startswith("project"):
        words = said_by_database(error)
    if not words or words.startswith(("new row", "duplicate key")):
        raise error
    return _FIELDS.get(name, ""), words


@contextmanager
def told(kind: type[Exception]) -> Iterator[None]:
    """Let what the database refuses within the block be raised as ``kind``, in its words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        raise kind(words_of(violation)[1]) from violation
