"""Default deny: a view without a door is refused, and behind a door only those come in whom it names."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fupin.accounts import audit, proof, sign_ins
from fupin.accounts.answers import is_api, json_error, lead_to
from fupin.accounts.doors import SAFE_METHODS, Door, Stage, door_of
from fupin.accounts.errors import ProofTooOld, Refused
from fupin.accounts.models import User
from fupin.accounts.permissions import may, refusal

log = logging.getLogger(__name__)

SIGN_IN_FIRST = "请先登录，或带上有效的令牌"


class Doors:
    """Look at the door of the resolved view before anything of it runs: signed in, fully signed in, allowed, proof recent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return nothing to let the request in, or the answer that sends it elsewhere; raise Refused."""
        hung = door_of(view, request.method)
        if hung is None:
            log.error("no door on %s", request.resolver_match and request.resolver_match.view_name)
            return _refuse(request, Refused("这个地址没有登记权限，不对任何人开放"))
        if hung.open:
            return None
        user = request.user
        if not isinstance(user, User):
            return _turn_away(request)
        if (reached := stage_of(request, user)) < hung.stage:
            return _lead_on(request, reached)
        if hung.permission is not None and not may(user, hung.permission):
            if user.post is None and not is_api(request) and sign_ins.first_post(user, timezone.localdate()):
                return lead_to(request, "post_switch")
            return _refuse(request, Refused(refusal(user, hung.permission), permission=hung.permission))
        return self._ask_for_proof(request, hung)

    def _ask_for_proof(self, request: HttpRequest, hung: Door) -> HttpResponse | None:
        """Ask for the password again before an act of weight; a token is its own proof."""
        if not hung.proof or request.method in SAFE_METHODS or getattr(request, "api_token", None):
            return None
        if proof.is_recent(request):
            return None
        audit.note(outcome=audit.Outcome.REFUSED)
        if is_api(request):
            return json_error(str(ProofTooOld()), HTTPStatus.FORBIDDEN)
        return lead_to(request, "sign_in_again")


def stage_of(request: HttpRequest, user: User) -> Stage:
    """Return how far the user has come with signing in; a token is issued only to those who have come all the way."""
    if getattr(request, "api_token", None):
        return Stage.DONE
    if proof.second_factor_due(user):
        return Stage.PASSWORD_GIVEN
    return Stage.CODE_GIVEN if proof.password_due(user, timezone.now()) else Stage.DONE


def _lead_on(request: HttpRequest, reached: Stage) -> HttpResponse:
    """Lead to the page where signing in goes on."""
    audit.note(outcome=audit.Outcome.REFUSED)
    code_due = reached is Stage.PASSWORD_GIVEN
    if is_api(request):
        return json_error(
            "请先在网页上输入动态口令" if code_due else "请先在网页上修改口令", HTTPStatus.FORBIDDEN
        )
    return lead_to(request, "second_factor" if code_due else "password_change")


def _turn_away(request: HttpRequest) -> HttpResponse:
    """Send whoever has not signed in to the sign-in page, or tell a program that its token does not hold."""
    audit.note(outcome=audit.Outcome.REFUSED)
    if is_api(request):
        answer = json_error(SIGN_IN_FIRST, HTTPStatus.UNAUTHORIZED)
        answer["WWW-Authenticate"] = "Token"
        return answer
    return lead_to(request, "sign_in", why=getattr(request, "ended", ""))


def _refuse(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Answer 403 with the reason; raised for pages, so that the site's own page of refusal says it."""
    if is_api(request):
        return json_error(str(refused), HTTPStatus.FORBIDDEN)
    raise refused
