"""Signing in and out, and the second factor."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fupin.accounts import audit, limits, proof, second_factor, sign_ins
from fupin.accounts.answers import is_api, json_error
from fupin.accounts.doors import Stage, actor, door
from fupin.accounts.forms.sign_in import CodeForm, ProofForm, SignInForm
from fupin.accounts.models import User
from fupin.accounts.services.demo import DEMO_ACCOUNTS, PASSWORD

LOCKED_SECONDS = 1800
LOCKED = "这个账号连续输错 5 次，已暂停使用 30 分钟"
WRONG = "用户名或口令不对"
TRIES_AN_ADDRESS = 300
"""So many sign-ins from one address within ten minutes: a county office of 200 never gets there."""
TEN_MINUTES = 600
_NEW_KEY = "new_factor"


@door(None, audit="accounts.sign_in", open=True)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password; the second factor, where one is due, comes on its own page."""
    if isinstance(request.user, User) and request.method == "GET":
        return HttpResponseRedirect(onward(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST":
        if limits.exceeded(
            f"sign_in:{audit.address_of(request)}", limit=TRIES_AN_ADDRESS, seconds=TEN_MINUTES
        ):
            return too_many(request, TEN_MINUTES)
        if form.is_valid():
            name = form.cleaned_data["username"]
            user = authenticate(request, username=name, password=form.cleaned_data["password"])
            if isinstance(user, User):
                return _signed_in(request, user)
            form.add_error(None, WRONG)
            known = User.objects.filter(username=name).first()
            audit.note(object_key=f"user:{known.pk}" if known else "user:?")
    context = {
        "form": form,
        "next": _next(request),
        "why": _why(request),
        "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else (),
        "demo_password": PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=_status(form))


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    """Open the session under a new key and go on."""
    login(request, user)
    proof.give(request)
    audit.note(user=user, object_key=f"user:{user.pk}")
    return HttpResponseRedirect(onward(request))


@door(None, audit="accounts.sign_out", stage=Stage.PASSWORD_GIVEN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; its cookie opens nothing any more."""
    row = getattr(request, "sign_in", None)
    if row is not None:
        sign_ins.end(row, sign_ins.SIGNED_OUT, timezone.now())
    logout(request)
    return redirect("sign_in")


@door(None, audit="accounts.prove", stage=Stage.DONE)
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Take the password once more before an act of weight; asked for at most every five minutes."""
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_own_password(request, form.cleaned_data["password"]):
            proof.give(request)
            return HttpResponseRedirect(onward(request))
        form.add_error("password", "口令不对")
    context = {"form": form, "next": _next(request)}
    return render(request, "accounts/sign_in_again.html", context, status=_status(form))


@door(None, audit="accounts.second_factor", stage=Stage.PASSWORD_GIVEN)
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_check(request: HttpRequest) -> HttpResponse:
    """Take the one-time code of a session that has given its password."""
    user = actor(request)
    if not proof.second_factor_due(user):
        return HttpResponseRedirect(onward(request))
    if not second_factor.has_device(user):
        return _to_enrol(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device, wrong = second_factor.check(user, form.cleaned_data["code"])
        if device is not None:
            _complete(request, device)
            return HttpResponseRedirect(onward(request))
        form.add_error("code", wrong)
    context = {"form": form, "next": _next(request)}
    return render(request, "accounts/second_factor.html", context, status=_status(form))


@door(None, audit="accounts.enrol_second_factor", stage=Stage.PASSWORD_GIVEN)
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_enrol(request: HttpRequest) -> HttpResponse:
    """Enrol the device of a user who has none; whoever has one goes to the security administrator."""
    user = actor(request)
    if second_factor.has_device(user):
        return redirect("second_factor")
    key = request.session.setdefault(_NEW_KEY, second_factor.new_key())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device := second_factor.enrol(user, key, form.cleaned_data["code"]):
            del request.session[_NEW_KEY]
            _complete(request, device)
            return HttpResponseRedirect(onward(request))
        form.add_error("code", second_factor.WRONG)
    context = {"form": form, "next": _next(request), "secret": second_factor.spoken(key)}
    return render(request, "accounts/second_factor_enrol.html", context, status=_status(form))


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any], *args: Any
) -> HttpResponse:
    """Answer whoever tries an account that is locked: the same for accounts that do not exist."""
    audit.note(detail={"locked": True})
    if is_api(request):
        return json_error(LOCKED, HTTPStatus.TOO_MANY_REQUESTS, retry_after=LOCKED_SECONDS)
    answer = render(request, "accounts/locked_out.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(LOCKED_SECONDS)
    return answer


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer that it was tried too often."""
    context = {"minutes": -(-seconds // 60)}
    answer = render(request, "errors/429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(seconds)
    return answer


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Return whether this is the password of the signed-in user; wrong ones count towards the lock of the account."""
    user = actor(request)
    found = authenticate(request, username=user.username, password=password)
    return found is not None and found.pk == user.pk


def renew_key(request: HttpRequest) -> None:
    """Give the session a new key and let its row follow."""
    request.session.cycle_key()
    follow_key(request)


def follow_key(request: HttpRequest) -> None:
    """Let the session's row follow a key that has just changed."""
    row = getattr(request, "sign_in", None)
    if row is not None and request.session.session_key:
        row.key_digest = sign_ins.digest_of(request.session.session_key)
        row.save(update_fields=["key_digest"])


def onward(request: HttpRequest) -> str:
    """Return the page of this site that the user wanted, else the home page."""
    return _next(request) or "/"


def _complete(request: HttpRequest, device: Any) -> None:
    """The session is fully signed in: mark it and give it a new key."""
    second_factor.mark(request, device)
    renew_key(request)


def _to_enrol(request: HttpRequest) -> HttpResponse:
    audit.note(outcome=audit.Outcome.REFUSED)
    return HttpResponseRedirect(reverse("second_factor_enrol", query={"next": onward(request)}))


def _why(request: HttpRequest) -> str:
    """Why a session ended, if it is one of our reasons: an address must not put words into our mouth."""
    said = request.GET.get("why", "")
    return said if said in sign_ins.REASONS else ""


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return (
        wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else ""
    )


def _status(form: Any) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
