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
    "villagefund_one_a_village": "village",
    "villagefund_of_a_village": "village",
    "villagefund_rate_sensible": "annual_rate",
    "villagefund_registered_in_time": "registered_on",
    "funds_villagefund_registration_no_key": "registration_no",
    "fundmember_household_once": "household",
    "fundmember_of_the_village": "household",
    "fundloan_within_the_limit": "amount_yuan",
    "fundloan_guaranteed": "guarantors",
    "fundrepayment_fee_within": "fee_yuan",
    "interestloan_registered_once": "contract_no",
    "interestloan_of_a_household": "household",
    "interestloan_principal_sensible": "principal_yuan",
    "interestloan_rate_sensible": "rate",
    "interestloan_ends_after_it_begins": "ends_on",
    "interestloan_not_in_the_future": "begins_on",
    "interestloan_repaid_early": "on",
    "interestloan_repaid_once": "on",
    "interestloan_repaid_after_its_claims": "on",
    "interestclaim_once_for_a_time": "begins_on",
    "interestclaim_within_its_loan": "ends_on",
    "donation_amount_sensible": "amount_yuan",
    "donation_with_a_receipt": "receipt_no",
    "funds_donation_receipt_no_key": "receipt_no",
    "donation_never_diverted": "purpose",
    "potact_amount_positive": "amount_yuan",
    "potact_by_a_document": "document_no",
    "potact_within_what_was_placed": "amount_yuan",
}
"""At which field of its form a wall speaks."""

WORDS: Mapping[str, str] = {
    "funds_appropriation_number_key": "此文号已登记",
    "funds_villagefund_registration_no_key": "此登记证号已登记",
    "funds_donation_receipt_no_key": "此票据号已登记",
}


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
