"""What has been placed on projects and paid for them, as the room of money above tells it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Spent:
    """What lies on a project and what has gone out for it, in yuan."""

    placed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)


Read = Callable[[Collection[int]], Mapping[int, Spent]]

_READERS: Final[list[Read]] = []


def spending(read: Read) -> Read:
    """Register the function that tells what has been spent on projects, by their keys; the room of money does."""
    _READERS.append(read)
    return read


def spent_on(projects: Collection[int]) -> Mapping[int, Spent]:
    """Return what has been spent on projects, by their keys; nothing where nobody tells."""
    found: dict[int, Spent] = {}
    for read in _READERS:
        found |= read(projects)
    return found


def is_told() -> bool:
    """Tell whether somebody keeps account of what is spent."""
    return bool(_READERS)
