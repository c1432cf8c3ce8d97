"""What a notice of money says, where it has to stand, and how far what has to be public is (policy §9)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from funds.models.disclosure import Disclosure
from funds.models.document import Appropriation
from funds.models.use import Placement
from funds.rules.disclosure import Element
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.lib.money import grouped


def elements_of(placement: Placement) -> dict[str, str]:
    """Return what F-07 asks a notice of a placement to say, from what is known of it."""
    project, document = placement.project, placement.appropriation
    if project is None:
        return {}
    way = str(placement.get_use_way_display())
    return {
        Element.TOTAL: f"{grouped(placement.amount_yuan)} 元",
        Element.SOURCE: f"{document.get_level_display()}财政专项扶贫资金，{document.number}",
        Element.NATURE: str(document.get_kind_display()),
        Element.PURPOSE: document.purpose,
        Element.PRINCIPLE: f"切块到县、落实到项目库内项目，{way}",
        Element.PLAN: f"{project.name}，{project.planned_start_on:%Y-%m-%d} 至 {project.planned_finish_on:%Y-%m-%d}",
        Element.RESULT: "已验收" if project.is_done else "",
        Element.PHONE: project.hotline,
    }


def elements_of_document(document: Appropriation) -> dict[str, str]:
    """Return what a notice above the county says of a document."""
    return {
        Element.TOTAL: f"{grouped(document.amount_yuan)} 元",
        Element.SOURCE: f"{document.get_level_display()}财政专项扶贫资金，{document.number}",
        Element.NATURE: str(document.get_kind_display()),
        Element.PURPOSE: document.purpose,
        Element.PRINCIPLE: "按因素法切块到县",
    }


def said(elements: dict[str, str]) -> str:
    """Return the elements as they are read above the list; the telephone stands at its own place on the sheet."""
    return "；".join(
        f"{one.label}：{elements[one.value]}"
        for one in Element
        if one is not Element.PHONE and elements.get(one.value)
    )


def villages_of(placement: Placement) -> "QuerySet[Division]":
    """Return the villages that are told of a placement: where its project stands, and those that it is for."""
    project = placement.project
    if project is None:
        return Division.objects.none()
    codes = set(project.villages.values_list("division_id", flat=True))
    if project.division.level == Level.VILLAGE:
        codes.add(project.division_id)
    return Division.objects.filter(pk__in=codes).order_by("code")


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice of money with how far it is."""

    disclosure: Disclosure
    state: str
    kind: str
    """The colour of the state."""
    url_name: str
    number: str


def shown(rows: "QuerySet[Disclosure]", on: date) -> list[Shown]:
    """Return notices of money, the latest first, each with its state on a day."""
    found = []
    for one in rows.select_related("draft__notice", "division").order_by("-pk"):
        draft = one.draft
        notice = getattr(draft, "notice", None)
        if notice is None:
            waiting = draft.status == "DRAFT"
            state, kind = ("待张贴", "warn") if waiting else (draft.get_status_display(), "quiet")
        elif notice.taken_down_on is not None:
            state, kind = "已撤下", "bad"
        elif notice.passes_on <= on:
            state, kind = "已期满", "ok"
        else:
            state, kind = f"公示中，{notice.passes_on} 起可拨付", "warn"
        found.append(Shown(one, state, kind, "notice_detail" if notice else "notice_draft", draft.number))
    return found
