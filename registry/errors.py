"""What can go wrong when the register is written. The text is for the clerk, in Chinese."""

from collections.abc import Iterable
from typing import Protocol


class Refusal(Protocol):
    """What `CardRefused` carries: a finding of the rules, of which this bottom layer knows only the shape."""

    @property
    def rule(self) -> str: ...

    @property
    def field(self) -> str: ...

    @property
    def message(self) -> str: ...


class RegistryError(Exception):
    """Something that the register refuses; `str()` says what and how to go on."""


class CardRefused(RegistryError):
    """A card breaks rules of level E. `findings` holds every one of them."""

    def __init__(self, findings: Iterable[Refusal]) -> None:
        self.findings: tuple[Refusal, ...] = tuple(findings)
        super().__init__("；".join(finding.message for finding in self.findings))


class StaleVersion(RegistryError):
    """Somebody else saved the card since it was opened; both versions are named."""

    def __init__(self, *, started_from: int, current: int) -> None:
        self.started_from = started_from
        self.current = current
        super().__init__(
            f"户卡已被他人修改（您打开的是第{started_from}版，现为第{current}版），请对照后再保存"
        )


class YearClosed(RegistryError):
    """The year's books are closed: only a correction slip changes it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年度已关账，只能通过更正单修改")


class HouseholdEnded(RegistryError):
    """The household was removed or closed; its card is history."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__("该户已清退或注销，不能再修改")


class AlreadyRegistered(RegistryError):
    """The household or person has a card of the year already."""


class NumbersExhausted(RegistryError):
    """A village has given all its household or temporary numbers, 0001 to 9999."""


class TransferRefused(RegistryError):
    """A split, merge or move of households that would leave one without members or a head."""


class SlipRefused(RegistryError):
    """A correction slip that cannot be decided as asked."""
