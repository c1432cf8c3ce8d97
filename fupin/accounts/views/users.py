"""Users, as the security administrator sees them."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts import audit, second_factor
from fupin.accounts.doors import actor, door
from fupin.accounts.errors import NotPossible
from fupin.accounts.forms.administration import ReasonForm, UserForm
from fupin.accounts.forms.filters import UserFilter
from fupin.accounts.models import Post, User
from fupin.accounts.services import users
from fupin.accounts.views.answers import page_of, with_errors


@door("accounts.manage_users")
@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """List the users with the posts they hold today."""
    held = Post.objects.held_on(timezone.localdate()).select_related("division").order_by("since", "pk")
    rows = User.objects.order_by("full_name", "pk").prefetch_related(Prefetch("posts", held, to_attr="held"))
    found = UserFilter(request.GET, rows)
    return render(request, "accounts/user_list.html", {"filter": found, "page": page_of(request, found.qs)})


@door("accounts.manage_users", audit="accounts.create_user", proof=True)
@never_cache
@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """Create a user; his first password is shown on the answer and nowhere else."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, first = users.create_user(actor=actor(request), **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return _shown_once(request, user, first)
    return with_errors(request, "accounts/user_new.html", form)


@door("accounts.manage_users")
@require_GET
def user_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a user: posts past and present, and what can be done."""
    user = get_object_or_404(User, pk=pk)
    posts = user.posts.select_related("division", "granted_by", "approved_by").order_by("-since", "-pk")
    context = {
        "subject": user,
        "posts": posts,
        "has_device": second_factor.has_device(user),
        "own": user.pk == actor(request).pk,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/user_card.html", context)


@door("accounts.manage_users", audit="accounts.disable_user", proof=True)
@require_http_methods(["GET", "POST"])
def user_disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable an account, for a reason."""
    return _for_a_reason(
        request, pk, "停用账号", "该用户的会话和令牌从下一次操作起失效。", users.disable_user
    )


@door("accounts.manage_users", audit="accounts.reset_second_factor", proof=True)
@require_http_methods(["GET", "POST"])
def user_reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a lost device, for a reason."""
    said = "请先当面或通过单位核实本人。重置后，该用户下次登录时登记新设备。"
    return _for_a_reason(request, pk, "重置动态口令", said, users.reset_second_factor)


@door("accounts.manage_users", audit="accounts.enable_user", proof=True)
@never_cache
@require_POST
def user_enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a disabled account into use again, with a new first password."""
    user = get_object_or_404(User, pk=pk, is_active=False)
    return _shown_once(request, user, users.enable_user(actor=actor(request), user=user))


@door("accounts.manage_users", audit="accounts.reset_password", proof=True)
@never_cache
@require_POST
def user_reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a user a new first password."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    try:
        first = users.reset_password(actor=actor(request), user=user)
    except NotPossible as refused:
        audit.note(outcome=audit.Outcome.REFUSED)
        messages.error(request, str(refused))
        return redirect("user_card", pk)
    return _shown_once(request, user, first)


def _for_a_reason(
    request: HttpRequest, pk: int, act: str, said: str, service: users.ForAReason
) -> HttpResponse:
    """Ask for the reason of an act on a user, then do it."""
    user = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(actor=actor(request), user=user, reason=form.cleaned_data["reason"])
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{user.full_name}：已{act}")
            return redirect("user_card", pk)
    return with_errors(request, "accounts/user_act.html", form, subject=user, act=act, said=said)


def _shown_once(request: HttpRequest, user: User, first: str) -> HttpResponse:
    """Show a first password; the page is not stored and the password nowhere else."""
    said = "请当面或用可靠方式交给本人。首次登录须改口令，并登记动态口令设备。"
    context = {
        "heading": "初始口令",
        "whose": f"{user.full_name}（{user.username}）",
        "secret": first,
        "said": said,
        "back": "user_card",
        "pk": user.pk,
    }
    return render(request, "accounts/secret_once.html", context)
