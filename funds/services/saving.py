"""Save a row of money, and say in its own words what the database refuses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction

from funds.errors import MoneyRefused
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.ledgers.errors import LedgerError

FIELDS: Mapping[str, str] = {
    "funds_appropriation_number_key": "number",
    "appropriation_amount_sensible": "amount_yuan",
    "appropriation_received_after_issue": "received_on",
    "appropriation_received_in_time": "received_on",
    "appropriation_advance_before_its_year": "is_advance",
    "appropriation_exempt_with_reason": "approval_reason",
    "appropriation_holds_its_carve_outs": "amount_yuan",
    "carveout_within_its_document": "amount_yuan",
    "annualbudget_once": "year",
    "annualbudget_share_of_something": "general_expenditure_yuan",
    "factorvalue_positive": "value",
    "factorvalue_not_before_its_year": "data_on",
    "factorvalue_of_a_county": "data_on",
    "scheme_named_once": "name",
    "scheme_bonus_not_negative": "bonus_yuan",
    "scheme_weights_by_a_document": "weights_document",
    "schemeweight_by_a_document": "weights_document",
    "allotment_issued_in_time": "issued_on",
}
"""At which field of its form a wall speaks."""

WORDS: Mapping[str, str] = {"funds_appropriation_number_key": "此文号已登记"}


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database and the books refuse into MoneyRefused at the field it speaks of; a fault of ours stays one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        name = name_of(violation)
        said = WORDS.get(name) or message_of(violation)
        if not said and name and not said_by_database(violation).isascii():
            said = said_by_database(violation)
        if not said:
            raise
        raise MoneyRefused({FIELDS.get(name, ""): said}) from violation
    except LedgerError as refused:
        raise MoneyRefused(str(refused)) from refused


def insert(row: models.Model) -> None:
    """Insert a row; raise MoneyRefused at the field that is wrong."""
    with refusing():
        row.save(force_insert=True)
