"""Warnings as they stand on a card: each open until somebody gives a reason for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.models import HouseholdYear
from registry.rules.findings import Finding, warnings_in


def remarks_of(
    warnings: Iterable[Finding],
    confirmed: Mapping[str, str],
    before: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, str]]:
    """Return the remarks: rule, field, message, and the reason that answers it, empty while it is open.

    `confirmed` answers by rule (`R-41`), or by rule and field where a rule is broken more than once
    (`R-61 members[2].labor`). A reason given before stands as long as the finding says the same.
    """
    earlier = {(r["rule"], r["field"], r["message"]): r.get("reason") or "" for r in before}
    return [
        {
            "rule": warning.rule,
            "field": warning.field,
            "message": warning.message,
            "reason": (
                confirmed.get(f"{warning.rule} {warning.field}")
                or confirmed.get(warning.rule)
                or earlier.get((warning.rule, warning.field, warning.message), "")
            ).strip(),
        }
        for warning in warnings
    ]


def open_in(remarks: Iterable[Mapping[str, str]]) -> int:
    """Return how many remarks still wait for a reason."""
    return sum(not remark["reason"] for remark in remarks)


def remark(household_year: HouseholdYear, findings: Iterable[Finding], confirmed: Mapping[str, str]) -> None:
    """Write a card's warnings onto its row."""
    household_year.remarks = remarks_of(warnings_in(findings), confirmed, household_year.remarks)
    household_year.open_remarks = open_in(household_year.remarks)
