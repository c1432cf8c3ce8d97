"""How a list's columns are declared: django-import-export Resources whose columns know what kind of cell they give.

Resources are written row by row by `fupin.sheets.exports`; nothing of them builds a data set in memory.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeVar

from import_export import resources
from import_export.fields import Field

from fupin.sheets.shapes import Cell, Shape, Text

__all__ = ["Cell", "Column", "SheetResource", "columns"]

AS_TEXT: Final = Text()

R = TypeVar("R", bound="type[SheetResource]")


class Column(Field):  # type: ignore[misc]  # import_export has no types
    """A column: its heading, the attribute it comes from (`household__household_no`), and how it is shown.

    `said` turns a value that is there into a cell; a Shape says the same in SQL, and only such a column can be copied out of the
    database (`fupin.sheets.streaming`). `decimals` are the digits after the point of a number, None
    for anything else; `summed` tells that its total stands in the file and in the log.
    """

    def __init__(
        self,
        heading: str,
        attribute: str,
        *,
        said: Callable[[Any], Cell] = AS_TEXT,
        decimals: int | None = None,
        summed: bool = False,
    ) -> None:
        super().__init__(attribute=attribute, column_name=heading, readonly=True)
        self.said, self.decimals, self.summed = said, decimals, summed

    @property
    def shape(self) -> Shape:
        """What the column says in SQL; raise TypeError where it is Python alone."""
        if not isinstance(self.said, Shape):
            raise TypeError(f"{self.heading}: no query can express this column")
        return self.said

    @property
    def heading(self) -> str:
        """The words above the column."""
        return str(self.column_name)

    def export(self, instance: Any, **kwargs: Any) -> Cell:
        """Return the cell of one row."""
        value = self.get_value(instance)
        return "" if value is None or value == "" else self.said(value)


class SheetResource(resources.Resource):  # type: ignore[misc]  # import_export has no types
    """The columns of one sheet, given by `columns`."""

    fields: ClassVar[dict[str, Column]]

    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[Column] = tuple(self.fields.values())

    def export_resource(self, instance: Any, *args: Any, **kwargs: Any) -> list[Cell]:
        """Return the row of one object; without the name look-ups that import_export makes for each cell."""
        return [column.export(instance) for column in self.columns]


def columns(*parts: Mapping[str, Column]) -> Callable[[R], R]:
    """Give a resource its columns, part after part; refuse a heading that stands twice."""

    def give(resource: R) -> R:
        named = {name: column for part in parts for name, column in part.items()}
        headings = [column.heading for part in parts for column in part.values()]
        if len(set(headings)) != len(headings) or len(named) != len(headings):
            raise ValueError(f"{resource.__name__}: a column stands twice")
        resource.fields = named
        return resource

    return give
