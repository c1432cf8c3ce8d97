"""The words of a constraint of the database that an act ran into: never an error page of ours."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint

TRIGGERS = {
    "post_compatible_roles": "该用户已任与此不相容的岗位：录入、审核、审批须分开，业务岗位与管理员也须分开",
}
"""Constraints that triggers name, which no model declares."""


@cache
def _messages() -> dict[str, str]:
    """Every constraint with words of its own, by name."""
    found: dict[str, str] = dict(TRIGGERS)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.violation_error_message != BaseConstraint.default_violation_error_message:
                found[constraint.name] = str(constraint.violation_error_message)
    return found


def name_of(error: IntegrityError) -> str:
    """Return the name of the violated constraint, as PostgreSQL tells it."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    return (diagnosis and diagnosis.constraint_name) or ""


def message_of(error: IntegrityError) -> str:
    """Return the constraint's message for staff, or nothing where it has none: then it is a fault of ours."""
    return _messages().get(name_of(error), "")


def said_by_database(error: IntegrityError) -> str:
    """Return what a function of the database said when it refused an act, in its own words for staff."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    return (diagnosis and diagnosis.message_primary) or ""
