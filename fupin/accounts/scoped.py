"""The first wall: tables whose rows lie in a division answer only for the divisions that the asker's post covers."""

from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that lie in a division."""

    def within(self, code: int) -> Self:
        """Keep the rows at and below the division ``code``."""
        low, high = code_range(code)
        return self.filter(division_id__gte=low, division_id__lt=high)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what the user's active post may see; nothing for whoever has none."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        return self.within(user.post.division_id)


class DivisionKey(models.ForeignKey[Division, Division]):
    """The NOT NULL column ``division`` that row-level security looks at.

    Parts of a row that already lies in a division pass ``db_constraint=False``: their composite key to the parent says more.
    """

    def __init__(self, to: Any = Division, on_delete: Any = models.RESTRICT, **kwargs: Any) -> None:
        kwargs.setdefault("db_column", "division")
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("verbose_name", "区划")
        super().__init__(to, on_delete, **kwargs)
