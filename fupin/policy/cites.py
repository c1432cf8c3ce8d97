"""Which code carries out which words of the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from fupin.policy.articles import article, article_texts

Cited = TypeVar("Cited", bound=Callable[..., object])

ELLIPSIS: Final = "……"


@dataclass(frozen=True, slots=True)
class Citation:
    """A function or class that carries out an article; `quote` is its own wording, `……` for cuts."""

    mark: str
    quote: str
    module: str
    qualname: str
    summary: str

    @property
    def number(self) -> int:
        """Return the article's number."""
        return article(self.mark).number

    @property
    def where(self) -> str:
        """Return where the code stands, as one would import it."""
        return f"{self.module}.{self.qualname}"


_CITATIONS: Final[list[Citation]] = []


def cites(mark: str, quote: str) -> Callable[[Cited], Cited]:
    """Mark a function or class as what the software does about an article (`§6`), quoting its words.

    The policy trace page lists the marks. Raise KeyError for an article that does not exist, ValueError for
    words that it does not hold: a quotation is checked when the module is imported.
    """
    number = article(mark).number
    wording = _same_width(article_texts()[number])
    position = 0
    for fragment in _same_width(quote).split(ELLIPSIS):
        position = wording.find(fragment, position)
        if position < 0:
            raise ValueError(f"{mark} does not say {fragment!r}")
        position += len(fragment)

    def mark_it(cited: Cited) -> Cited:
        summary = (cited.__doc__ or "").strip().split("\n", 1)[0]
        name = getattr(cited, "__qualname__", repr(cited))
        _CITATIONS.append(Citation(mark, quote, cited.__module__, name, summary))
        return cited

    return mark_it


def _same_width(text: str) -> str:
    """Return the text with commas, colons, semicolons and brackets of one width, in which sources differ."""
    return text.translate(_HALF_WIDTH)


_HALF_WIDTH: Final = str.maketrans("，：；（）", ",:;()")


def citations() -> tuple[Citation, ...]:
    """Return every citation of the modules imported so far, by article, then by place."""
    return tuple(sorted(_CITATIONS, key=lambda c: (c.number, c.where, c.quote)))
