"""Granting posts: one proposes, another approves."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.errors import NotPossible
from fupin.accounts.forms.administration import GrantForm
from fupin.accounts.forms.filters import PostFilter
from fupin.accounts.models import Post
from fupin.accounts.permissions import may
from fupin.accounts.services import posts
from fupin.accounts.views.answers import page_of, with_errors


@door("accounts.approve_post")
@require_GET
def post_list(request: HttpRequest) -> HttpResponse:
    """List the posts, those that wait for approval first."""
    user = actor(request)
    rows = Post.objects.select_related("user", "division", "granted_by", "approved_by")
    found = PostFilter(request.GET, rows.order_by("approved_at", "-granted_at", "-pk"))
    page = page_of(request, found.qs)
    context = {
        "filter": found,
        "page": page,
        "today": timezone.localdate(),
        "approvable": {post.pk for post in page if posts.may_approve(user, post)},
        "may_grant": may(user, "accounts.grant_post"),
    }
    return render(request, "accounts/post_list.html", context)


@door("accounts.grant_post", proof=True)
@require_http_methods(["GET", "POST"])
def post_grant(request: HttpRequest) -> HttpResponse:
    """Propose a post for a user."""
    today = timezone.localdate()
    initial = {"user": request.GET.get("user", ""), "since": today}
    form = GrantForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            post = posts.grant_post(actor=actor(request), today=today, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已授予 {post.user.full_name} {post}，等另一人批准后生效")
            return redirect("post_list")
    return with_errors(request, "accounts/post_grant.html", form)


@door("accounts.approve_post", proof=True)
@require_POST
def post_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a proposed post as the second person."""
    return _act(request, pk, "已批准", lambda post: posts.approve_post(actor=actor(request), post=post))


@door("accounts.grant_post", audit="accounts.revoke_post", proof=True)
@require_POST
def post_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a post."""
    return _act(request, pk, "已撤销", lambda post: posts.revoke_post(actor=actor(request), post=post))


def _act(request: HttpRequest, pk: int, done: str, act: Callable[[Post], None]) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("user", "division"), pk=pk)
    try:
        act(post)
    except NotPossible as refused:
        audit.note(outcome=audit.Outcome.REFUSED, object_key=f"post:{pk}")
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{post.user.full_name} 的岗位 {post} {done}")
    return redirect("post_list")
