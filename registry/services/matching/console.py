"""Lists of other departments without a browser: `manage.py import_sheet --kind outside_list --list 名册种类`."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.accounts.scope import acting_as
from fupin.divisions.models import Division
from fupin.sheets.intake import Fault, ListTaken
from fupin.sheets.opening import FileRefused, Sent
from registry.codes.outside import ListKind
from registry.errors import MatchingRefused, RowsRefused
from registry.services.matching.loading import ListGiven, load_list, require_supplier
from registry.services.matching.reading import read_list


def take(actor: User, sent: Sent, name: str, said: Mapping[str, str], on: date, store: bool) -> ListTaken:
    """Read a list as its page does and, where asked, take it in whole and match it. Raise FileRefused, Refused."""
    kind = _kind(name)
    with acting_as(actor), transaction.atomic():
        require(actor, "registry.load_list")
        assert actor.post is not None  # noqa: S101  (`require` saw it)
        division = actor.post.division
        try:
            require_supplier(actor, kind)
            if store:
                given = ListGiven(
                    kind=kind,
                    division=division,
                    source=said.get("source") or division.name,
                    document=said.get("document") or sent.name[-100:],
                    as_of=_day(said.get("as_of", ""), on),
                    file_name=sent.name,
                )
                loaded = load_list(actor=actor, given=given, content=sent.content, on=on)
                rows = loaded.list.row_count
                return ListTaken(rows, applied=rows, serial=f"outsidelist:{loaded.list.pk}")
            places = set(Division.objects.within(division.pk).values_list("code", flat=True))
            return ListTaken(len(read_list(sent, kind=kind, division=division.pk, places=places, on=on)))
        except RowsRefused as refused:
            sheet = f"{kind.label}名册"
            faults = [
                Fault("E", sheet, one.number, one.column, one.value, "R-20", one.message)
                for one in refused.faults
            ]
            return ListTaken(refused.rows, faults)
        except MatchingRefused as refused:
            raise FileRefused(str(refused)) from refused


def _kind(name: str) -> ListKind:
    for kind in ListKind:
        if name in {kind.value, kind.value.lower(), kind.label, f"{kind.label}名册"}:
            return kind
    known = "、".join(f"{kind.label}（{kind.value}）" for kind in ListKind)
    raise FileRefused(f"没有名为“{name}”的名册；--list 可以是 {known}")


def _day(text: str, on: date) -> date:
    try:
        return date.fromisoformat(text) if text else on
    except ValueError:
        raise FileRefused("--as-of 应为日期，如 2014-06-30") from None
