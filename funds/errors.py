"""What can go wrong with money. The text is for whoever acts, in Chinese, and names the field where there is one."""

from collections.abc import Mapping


class FundsError(Exception):
    """Something that the rules of money refuse; `str()` says what and how to mend it."""


class MoneyRefused(FundsError):
    """An act with money is refused. `fields` names what is wrong at which field; '' stands for the act as a whole."""

    def __init__(self, fields: str | Mapping[str, str]) -> None:
        self.fields: dict[str, str] = {"": fields} if isinstance(fields, str) else dict(fields)
        super().__init__("；".join(self.fields.values()))


class NotComplete(FundsError):
    """Data of some county are missing: the run is named incomplete and cannot be approved (policy-trace 5.6)."""

    def __init__(self, missing: Mapping[int, tuple[str, ...]]) -> None:
        self.missing = dict(missing)
        super().__init__("缺数据，补齐前不得定案：" + "、".join(str(code) for code in sorted(missing)))


class AlreadyDecided(FundsError):
    """Somebody else was faster (409): the text says who, when, and what became of it."""
