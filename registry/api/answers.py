"""What the services say, as the API answers it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fupin.accounts.api.errors import Conflict, Refusals
from registry.errors import CardRefused, RegistryError, StaleCard


def refusals(findings: Iterable[Any]) -> Refusals:
    """Return 400 with every finding."""
    return Refusals([{"field": one.field, "rule": one.rule, "message": one.message} for one in findings])


@contextmanager
def as_api(both: Callable[[], Mapping[str, Any]]) -> Iterator[None]:
    """Turn what a service refuses into 400 or 409; `both` gives the two versions of a stale card."""
    try:
        yield
    except CardRefused as refused:  # IdNumberTaken is one
        raise refusals(refused.findings) from refused
    except StaleCard as stale:
        lines = [
            {name: getattr(one, name) for name in ("field", "label", "base", "theirs", "mine", "who", "at")}
            for one in stale.conflicts
        ]
        body = {"base_version": stale.base, "current_version": stale.current, **both(), "conflicts": lines}
        raise Conflict(str(stale), body) from stale
    except RegistryError as refused:
        raise Refusals([{"field": "", "rule": "", "message": str(refused)}]) from refused
