"""The fund line as it is drawn: document, counties, projects, households, acceptance; the chosen county's way in full."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from funds.reports.flow import NOTHING, CountyFlow, Flow, Stream
from fupin.lib.ribbons import Drawing, Flow as Ribbon, Stop, draw

MOST_COUNTIES: Final = 6
MOST_PROJECTS: Final = 5
WIDTH: Final = 916
HEIGHT: Final = 250


class _Parts(NamedTuple):
    """A group of streams at the later columns: who they are, and how they are drawn."""

    key: str
    label: str
    tone: str
    streams: Sequence[Stream]


def drawing_of(flow: Flow, urls: Mapping[str, str], *, county: int | None = None) -> Drawing:
    """Return the drawing of a flow; ``urls`` gives the address of a stop by its key, ``county`` opens one county's projects.

    What is too small to be told apart is drawn together and says of how many it stands; every amount is one of the flow's own.
    """
    ribbons: list[Ribbon] = []
    source = flow.registered if flow.whole else flow.total("issued")
    first = [
        Stop("document", "文件", source, "dark", urls.get("document", "")),
        Stop("again", "归还调剂", flow.redistributed, "warn", urls.get("again", "")),
    ]
    groups = _counties(flow.counties, county)
    second: list[Stop] = []
    third: list[Stop] = []
    fourth: list[Stop] = []
    fifth: list[Stop] = []
    for key, label, tone, members in groups:
        came = _sum(members, "came")
        second.append(Stop(key, label, came, tone, urls.get(key, "")))
        ribbons.append(Ribbon("document", key, _sum(members, "issued"), tone))
        ribbons.append(Ribbon("again", key, _sum(members, "redistributed"), "warn"))
        for parts in _parts(key, tone, members, chosen=county):
            placed = _total(parts.streams, "placed")
            third.append(Stop(parts.key, parts.label, placed, parts.tone, urls.get(parts.key, "")))
            ribbons.append(Ribbon(key, parts.key, placed, parts.tone))
            ribbons.append(Ribbon(parts.key, "paid", _total(parts.streams, "paid"), parts.tone))
            ribbons.append(Ribbon(parts.key, "stranded", _total(parts.streams, "stranded"), "bad"))
        for name, target in (
            ("under_way", "under_way"),
            ("unplaced", "unplaced"),
            ("stranded_unplaced", "stranded"),
        ):
            tone_of = "bad" if target == "stranded" else "warn"
            ribbons.append(Ribbon(key, target, _sum(members, name), tone_of))
    if flow.whole:
        second.append(Stop("at_province", "省级未下达", flow.at_province, "due", urls.get("at_province", "")))
        ribbons.append(Ribbon("document", "at_province", flow.at_province, "due"))
    third.append(Stop("under_way", "在途", flow.total("under_way"), "warn", urls.get("under_way", "")))
    third.append(Stop("unplaced", "县级未落实", flow.total("unplaced"), "warn", urls.get("unplaced", "")))
    paid, accepted, stranded = flow.total("paid"), flow.total("accepted"), flow.total("stranded")
    returned = flow.total("returned")
    fourth.append(Stop("paid", "已支付", paid, "", urls.get("paid", "")))
    fourth.append(Stop("stranded", "滞留认定", stranded, "bad", urls.get("stranded", "")))
    fifth.append(Stop("to_accept", "待验收", paid - accepted, "warn", urls.get("to_accept", "")))
    fifth.append(Stop("accepted", "验收合格", accepted, "good", urls.get("accepted", "")))
    fifth.append(Stop("owed", "待归还", stranded - returned, "due", urls.get("owed", "")))
    fifth.append(Stop("returned", "已归还省级", returned, "bad", urls.get("returned", "")))
    ribbons += [
        Ribbon("paid", "to_accept", paid - accepted, "warn"),
        Ribbon("paid", "accepted", accepted, ""),
        Ribbon("stranded", "owed", stranded - returned, "due"),
        Ribbon("stranded", "returned", returned, "bad"),
    ]
    return draw([first, second, third, fourth, fifth], ribbons, width=WIDTH, height=HEIGHT)


def _counties(
    counties: Sequence[CountyFlow], chosen: int | None
) -> list[tuple[str, str, str, list[CountyFlow]]]:
    """Part the counties: the largest and the chosen one for themselves, the others together."""
    alone = [
        one
        for place, one in enumerate(counties)
        if place < MOST_COUNTIES or one.division.pk == chosen or len(counties) == MOST_COUNTIES + 1
    ]
    others = [one for one in counties if one not in alone]
    groups = [
        (
            f"county{one.division.pk}",
            one.division.name,
            "chosen" if one.division.pk == chosen else "",
            [one],
        )
        for one in alone
    ]
    if others:
        groups.append(("counties", f"其余 {len(others)} 县", "", others))
    return groups


def _parts(key: str, tone: str, members: Sequence[CountyFlow], *, chosen: int | None) -> Iterable[_Parts]:
    """Part a group's streams: those of the chosen county one by one, those of others together."""
    streams = [stream for one in members for stream in one.streams]
    if len(members) != 1 or members[0].division.pk != chosen:
        if streams:
            yield _Parts(f"{key}-placed", f"{len(streams)} 项", tone, streams)
        return
    for stream in streams[:MOST_PROJECTS]:
        yield _Parts(f"{key}-{stream.key}", stream.name, tone, [stream])
    if rest := streams[MOST_PROJECTS:]:
        yield _Parts(f"{key}-rest", f"其余 {len(rest)} 项", tone, rest)


def _sum(counties: Iterable[CountyFlow], name: str) -> Decimal:
    return sum((getattr(one, name) for one in counties), NOTHING)


def _total(streams: Iterable[Stream], name: str) -> Decimal:
    return sum((getattr(one, name) for one in streams), NOTHING)
