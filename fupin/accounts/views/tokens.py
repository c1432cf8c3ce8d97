"""API tokens, as the security administrator issues them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.doors import actor, door
from fupin.accounts.errors import NotPossible
from fupin.accounts.forms.administration import TokenForm
from fupin.accounts.forms.filters import TokenFilter
from fupin.accounts.models import ApiToken
from fupin.accounts.services import tokens
from fupin.accounts.views.answers import page_of, with_errors


@door("accounts.issue_token")
@require_GET
def token_list(request: HttpRequest) -> HttpResponse:
    """List the tokens of all departments."""
    rows = ApiToken.objects.select_related("post__user", "post__division", "issued_by").order_by(
        "-issued_at", "-pk"
    )
    found = TokenFilter(request.GET, rows)
    context = {"filter": found, "page": page_of(request, found.qs), "now": timezone.now()}
    return render(request, "accounts/token_list.html", context)


@door("accounts.issue_token", proof=True)
@never_cache
@require_http_methods(["GET", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Issue a token for a post of a user; it is shown on the answer and nowhere else."""
    username = request.GET.get("user", "").strip()
    form = TokenForm(request.POST or None, username=username, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            token, key = tokens.issue_token(actor=actor(request), **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            said = "请交给该部门的系统管理员保存在其系统里。丢失只能撤销重发。"
            whose = f"{token.post.user.full_name}（{token.post}）"
            context = {
                "heading": "接口令牌",
                "whose": whose,
                "secret": key,
                "said": said,
                "back": "token_list",
            }
            return render(request, "accounts/secret_once.html", context)
    return with_errors(request, "accounts/token_new.html", form, username=username)


@door("accounts.issue_token", audit="accounts.revoke_token", proof=True)
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token."""
    token = get_object_or_404(ApiToken, pk=pk)
    tokens.revoke_token(actor=actor(request), token=token)
    messages.success(request, f"令牌 {token} 已撤销")
    return redirect("token_list")
