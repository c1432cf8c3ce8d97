"""What somebody has begun to type and not yet saved: kept as he types, found again, thrown away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from registry.models import FormDraft
from registry.services.drafts import discard_draft, draft_fields, save_draft

MOST_FIELDS: Final = 8_000
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "card": ("户卡", "household_card"),
    "correction": ("更正单", "correction_new"),
    "labourer": ("劳动力卡", "labourer_card"),
    "village": ("村表", "village_table"),
    "grid": ("村年度更新", "village_grid"),
}
"""The forms that are kept, each with its name and the page on which its subject (number/year) goes on."""


@dataclass(frozen=True, slots=True)
class Row:
    """A draft in the list."""

    draft: FormDraft
    form: str
    place: str
    url: str


@door("registry.enter_household", quiet=True)
@require_POST
def draft_save(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep a form as typed: 204, also for a state that came after a newer one; 400 for what is no form of ours."""
    user = actor(request)
    sent = _sent(request.body)
    if sent is None:
        return JsonResponse({"error": "草稿内容不完整，未保存"}, status=400)
    division = str(sent.get("division") or "")
    village = int(division) if len(division) == 12 and division.isascii() and division.isdigit() else None
    try:
        save_draft(
            actor=user,
            draft_id=draft_id,
            form=sent["form"],
            subject=str(sent.get("subject") or "")[:40],
            title=str(sent.get("title") or "")[:80],
            division=village if village and user.post and contains(user.post.division_id, village) else None,
            sequence=sent["sequence"],
            fields=sent["fields"],
        )
    except FormDraft.DoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)


def _sent(body: bytes) -> dict[str, Any] | None:
    """Return what the script sent, None where the shape is not the one that it sends."""
    try:
        sent = json.loads(body)
        fields = [(str(name), str(value)) for name, value in sent["fields"]]
        sequence = int(sent["sequence"])
        known = sent["form"] in FORMS
    except (ValueError, TypeError, KeyError):
        return None
    if not known or len(fields) > MOST_FIELDS or not 0 < sequence < 2**53:
        return None
    return {**sent, "fields": fields, "sequence": sequence}


@door("registry.enter_household")
@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    """List what one has begun oneself, the latest first."""
    drafts = FormDraft.objects.filter(author=actor(request)).defer("payload").order_by("-saved_at", "pk")
    page = page_of(drafts, request.GET.get("page"))
    codes = {draft.division for draft in page.object_list if draft.division}
    places = dict(Division.objects.filter(pk__in=codes).values_list("code", "path_name"))
    rows = [
        Row(
            draft,
            FORMS.get(draft.form, (draft.form, ""))[0],
            places.get(draft.division or 0, ""),
            resume_url(draft),
        )
        for draft in page.object_list
    ]
    return render(request, "registry/draft_list.html", {"page": page, "rows": rows})


def draft_of(user: User, text: str) -> QueryDict:
    """Return a draft of one's own as the form would post it; 404 for anybody else's and for what is no id."""
    try:
        return draft_fields(actor=user, draft_id=UUID(text))
    except (ValueError, FormDraft.DoesNotExist):
        raise Http404 from None


def resume_url(draft: FormDraft) -> str:
    """Return the page on which a draft goes on, nothing for a form that no longer exists."""
    page = FORMS.get(draft.form, ("", ""))[1]
    key, _, year = draft.subject.rpartition("/")
    if draft.form == "card" and not draft.subject:
        return f"{reverse('household_new')}?draft={draft.pk}"
    if not page or not key or not year.isdigit():
        return ""
    return (
        f"{reverse(page, args=[int(key) if page.startswith('village') else key, int(year)])}?draft={draft.pk}"
    )


@door("registry.enter_household", audit="draft.discard")
@require_http_methods(["GET", "POST"])
def draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then throw a draft of one's own away."""
    user = actor(request)
    draft = get_object_or_404(FormDraft.objects.defer("payload"), pk=draft_id, author=user)
    if request.method == "POST":
        discard_draft(actor=user, draft_id=draft_id)
        messages.success(request, "草稿已丢弃")
        return redirect("draft_list")
    name = FORMS.get(draft.form, (draft.form, ""))[0]
    return render(request, "registry/draft_discard.html", {"draft": draft, "form_name": name})


urlpatterns: list[URLPattern] = [
    path("drafts/", draft_list, name="draft_list"),
    path("drafts/<uuid:draft_id>/", draft_save, name="draft_save"),
    path("drafts/<uuid:draft_id>/discard/", draft_discard, name="draft_discard"),
]
