"""One's own password, sessions and posts."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts import audit, proof, sign_ins
from fupin.accounts.doors import Stage, actor, door
from fupin.accounts.forms.sign_in import PasswordChangeForm
from fupin.accounts.models import Post, SignIn
from fupin.accounts.services.posts import switch_post
from fupin.accounts.services.users import change_password
from fupin.accounts.views.answers import with_errors
from fupin.accounts.views.sign_in import follow_key, is_own_password, onward

RECENT_SESSIONS = 30


@door(None, audit="accounts.change_password", stage=Stage.CODE_GIVEN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; until a first or an old one is changed, no other page opens."""
    user = actor(request)
    form = PasswordChangeForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        if is_own_password(request, form.cleaned_data["present"]):
            row: SignIn | None = request.sign_in  # type: ignore[attr-defined]
            change_password(user=user, password=form.cleaned_data["new"], keep=row)
            update_session_auth_hash(request, user)
            follow_key(request)
            messages.success(request, "口令已修改，别处的会话已退出")
            return HttpResponseRedirect(onward(request))
        form.add_error("present", "现在的口令不对")
    due = proof.password_due(user, timezone.now())
    said = "首次登录须先改口令" if user.must_change_password else "口令已用满 90 天，须先改口令"
    return with_errors(request, "accounts/password_change.html", form, must_change=said if due else "")


@door(None)
@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    """Show the present and the last sessions of the user."""
    rows = (
        SignIn.objects.filter(user=actor(request))
        .select_related("post__division")
        .order_by("-started_at", "-pk")
    )
    current = request.sign_in  # type: ignore[attr-defined]
    context = {"sign_ins": rows[:RECENT_SESSIONS], "current_id": current and current.pk}
    return render(request, "accounts/session_list.html", context)


@door(None, audit="accounts.end_session")
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions elsewhere."""
    row = get_object_or_404(SignIn, pk=pk, user=actor(request))
    sign_ins.end(row, sign_ins.ENDED_BY_SELF, timezone.now())
    audit.note(object_key=f"session:{row.pk}")
    messages.success(request, "那个会话已结束")
    return redirect("session_list")


@door(None, audit="accounts.end_session")
@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this one."""
    row: SignIn | None = request.sign_in  # type: ignore[attr-defined]
    ended = sign_ins.end_all(actor(request), sign_ins.ENDED_BY_SELF, timezone.now(), but=row)
    audit.note(object_key="session:others", detail={"ended": ended})
    messages.success(request, f"已结束 {ended} 个会话")
    return redirect("session_list")


@door(None, audit="accounts.switch_post")
@require_http_methods(["GET", "POST"])
def post_switch(request: HttpRequest) -> HttpResponse:
    """Show the posts that the user holds today, and let the session go on under another."""
    user, today = actor(request), timezone.localdate()
    held = Post.objects.held_on(today).filter(user=user).select_related("division").order_by("since", "pk")
    if request.method == "POST":
        wanted = request.POST.get("post", "")
        post = get_object_or_404(held, pk=int(wanted) if wanted.isascii() and wanted.isdecimal() else 0)
        switch_post(user=user, sign_in=request.sign_in, post=post, today=today)  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward(request))
    return render(request, "accounts/post_switch.html", {"posts": held, "next": onward(request)})
