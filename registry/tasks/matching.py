"""Lists of other departments are read, taken in and matched."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.urls import reverse

from fupin.divisions.models import Division
from fupin.jobs.errors import JobRefused
from fupin.jobs.kinds import job
from fupin.jobs.work import Work
from fupin.sheets import incoming
from registry.codes.outside import ListKind
from registry.errors import MatchingRefused, RowsRefused
from registry.services.matching.loading import ListGiven, load_list

LOAD_LIST: Final = "registry.load_list"
MOST_FAULTS: Final = 1000
"""Bad rows that are told one by one; beyond them how many more there are."""


@job(LOAD_LIST, permission="registry.load_list")
def load(work: Work) -> Mapping[str, Any]:
    """Take a list in, or say of every bad row what is wrong with it; then the file is thrown away."""
    asked = work.arguments
    key = uuid.UUID(asked["file"])
    try:
        content = incoming.fetch(key)
        with work.scope() as requester:
            result = _load(work, requester, content)
            work.finish(result)
    except (MatchingRefused, incoming.Gone) as refused:
        incoming.throw_away(key)
        raise JobRefused(str(refused)) from refused
    incoming.throw_away(key)
    return result


def _load(work: Work, requester: Any, content: bytes) -> dict[str, Any]:
    asked = work.arguments
    given = ListGiven(
        kind=ListKind(asked["kind"]),
        division=Division.objects.get(pk=asked["division"]),
        source=asked["source"],
        document=asked["document"],
        as_of=date.fromisoformat(asked["as_of"]),
        file_name=asked["file_name"],
    )
    try:
        loaded = load_list(
            actor=requester,
            given=given,
            content=content,
            on=work.on,
            progress=lambda rows: work.progress(rows, None, f"已读 {rows:,} 行"),
        )
    except RowsRefused as refused:
        told = [asdict(one) for one in refused.faults[:MOST_FAULTS]]
        return {
            "url": reverse("matching_faults", args=[work.job.pk]),
            "label": f"没有装入：{len(refused.faults):,} 行要改，逐行看",
            "faults": told,
            "wrong": len(refused.faults),
        }
    return {
        "url": reverse("matching_list", args=[loaded.list.pk]),
        "label": f"已装入 {loaded.list.row_count:,} 行，新增待核实 {loaded.hits:,} 条",
        "rows": loaded.list.row_count,
        "hits": loaded.hits,
    }
