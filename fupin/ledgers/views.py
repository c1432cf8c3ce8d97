"""An account with what stood in it after each line, and an entry with its lines: for every book the same two pages."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fupin.accounts.doors import actor, door
from fupin.ledgers.books import book_of
from fupin.ledgers.forms import AsOfForm
from fupin.ledgers.models import Account, Entry, Posting
from fupin.ledgers.reports import balance_on, lines_of
from fupin.lib.paging import page_of


@door("ledgers.view_account")
@require_safe
def ledger_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account's lines, the latest on top, as of a business day and as far as they had been entered by another."""
    accounts = Account.objects.visible_to(actor(request)).select_related("division")
    account = get_object_or_404(accounts, pk=pk)
    form = AsOfForm(request.GET)
    valid = form.is_valid()
    on, known = (form.cleaned_data.get("on"), form.cleaned_data.get("known")) if valid else (None, None)
    book = book_of(account.book)
    page = page_of(
        lines_of(account, on=on, known=known).order_by("-on", "-pk"),
        request.GET.get("page"),
        request.GET.get("size") or "50",
    )
    context = {
        "account": account,
        "book": book,
        "kind": book.accounts.get(account.kind, account.kind),
        "subject": book.subject(account),
        "form": form,
        "asked": on or known,
        "balance": balance_on(account, on, known=known) if on or known else account.balance,
        "page": page,
        "rows": [(line, book.acts.get(line.entry.kind, line.entry.kind)) for line in page.object_list],
        "trail": [{"label": book.title, "url": ""}, {"label": account.title, "url": ""}],
    }
    return render(request, "ledgers/ledger_account.html", context, status=200 if valid else 422)


@door("ledgers.view_account")
@require_safe
def ledger_entry(request: HttpRequest, number: str) -> HttpResponse:
    """Show an entry: what happened, on whose word, its lines in one's divisions, and what reversed it."""
    entries = Entry.objects.visible_to(actor(request)).select_related(
        "division", "entered_by", "reverses", "reversal"
    )
    entry = get_object_or_404(entries, number=number)
    book = book_of(entry.book)
    lines = list(
        Posting.objects.visible_to(actor(request))
        .filter(entry=entry)
        .select_related("account", "division")
        .in_and_out()
        .order_by("position")
    )
    context = {
        "entry": entry,
        "book": book,
        "act": book.acts.get(entry.kind, entry.kind),
        "lines": lines,
        "unit": lines[0].account.get_unit_display() if lines else "",
        "came": sum((line.amount for line in lines if line.amount > 0), Decimal(0)),
        "went": -sum((line.amount for line in lines if line.amount < 0), Decimal(0)),
        "elsewhere": len(lines) < entry.lines,
        "reversal": getattr(entry, "reversal", None),
        "trail": [{"label": book.title, "url": ""}, {"label": f"凭证 {entry.number}", "url": ""}],
    }
    return render(request, "ledgers/ledger_entry.html", context)
