"""What may be shown of a value that is not to be shown."""


def mask_id_no(number: str) -> str:
    """Return an ID number's first six characters, the rest asterisks: `110105************`.

    The number keeps its length. A temporary number (`LS…`) holds nothing personal and is shown whole.
    """
    if number.startswith("LS"):
        return number
    return number[:6] + "*" * max(len(number) - 6, 0)


def mask_account(number: str) -> str:
    """Return a bank account's last four characters, the rest asterisks; all asterisks if short."""
    return _tail(number)


def mask_phone(number: str) -> str:
    """Return a telephone's last four characters, the rest asterisks; all asterisks if short."""
    return _tail(number)


def mask_name(name: str) -> str:
    """Return a person's family name, the rest asterisks: `王**`; for who need not be known, as an objector."""
    return name[:1] + "*" * (len(name) - 1)


def is_masked(text: str) -> bool:
    """Tell whether the text came out of a mask; sent back, it means unchanged."""
    return "*" in text


def _tail(number: str) -> str:
    if len(number) <= 4:
        return "*" * len(number)
    return "*" * (len(number) - 4) + number[-4:]
