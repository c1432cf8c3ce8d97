"""The words of the books: each app says in its `books` module what its codes mean and where an account's subject is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fupin.ledgers.models import Account


class Subject(NamedTuple):
    """What an account belongs to, in words, with the address of its page."""

    label: str
    url: str


def _nothing(_account: Account) -> Subject | None:
    """Belong to nothing that has a page."""
    return None


@dataclass(frozen=True, slots=True)
class Book:
    """A book: its code and title, its accounts and its acts in words."""

    code: str
    title: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
    subject: Callable[[Account], Subject | None] = _nothing


BOOKS: dict[str, Book] = {}


def register(book: Book) -> Book:
    """Add a book; two with one code would speak for each other."""
    if book.code in BOOKS:
        raise ValueError(f"two books are called {book.code}")
    BOOKS[book.code] = book
    return book


def book_of(code: str) -> Book:
    """Return a book by its code; of one that nobody speaks for the codes themselves are shown."""
    return BOOKS.get(code) or Book(code, code)
