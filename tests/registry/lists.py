"""Lists of other departments about the people of a card; for tests of matching."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fupin.accounts.models import User
from fupin.divisions.models import Division
from registry.codes.outside import ListKind
from registry.models import MatchHit
from registry.services.matching.loading import ListGiven, Loaded, load_list
from tests.conftest import LINXIAN
from tests.registry.cases import act_as

ON = date(2014, 9, 1)
STRANGER = "11010519491231002X"
"""A number that nobody on the register has."""


def sheet(heads: Sequence[str], *rows: Sequence[object]) -> bytes:
    """Return a list as a CSV file."""
    return "\r\n".join(",".join(map(str, row)) for row in (heads, *rows)).encode()


def of(kind: ListKind, **values: Any) -> ListGiven:
    """Return what is said of a list of 临县."""
    return ListGiven(
        kind=kind,
        division=Division.objects.get(pk=values.pop("division", LINXIAN)),
        source=values.pop("source", "临县民政局"),
        document=values.pop("document", "临民函〔2014〕3号"),
        as_of=values.pop("as_of", date(2014, 6, 30)),
        file_name="名册.csv",
    )


def load(actor: User, kind: ListKind, content: bytes, **values: Any) -> Loaded:
    """Return a list as the actor took it in."""
    act_as(actor)
    return load_list(actor=actor, given=of(kind, **values), content=content, on=values.pop("on", ON))


def vehicle(
    actor: User, id_no: str, *, name: str = "张建国", plate: str = "晋J12345", **values: Any
) -> Loaded:
    """Return a list of one vehicle."""
    return load(
        actor,
        ListKind.VEHICLE,
        sheet(("身份号码", "姓名", "号牌号码"), (id_no, name, plate)),
        source="临县公安局",
        **values,
    )


def only_hit() -> MatchHit:
    """Return the one hit that there is."""
    return MatchHit.objects.get()
