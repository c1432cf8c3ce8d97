"""One transaction around the view and the rendering of its answer, in the scope of the session's post; the record of the act with it."""

import logging
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from fupin.accounts import audit, tokens
from fupin.accounts.answers import is_api
from fupin.accounts.doors import SAFE_METHODS, door_of
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope, leave_scope

log = logging.getLogger(__name__)

PROBES = frozenset({"/healthz", "/readyz"})
"""They answer while the database is away, so no transaction is opened for them."""

LOOK = "auditor.look"
"""The name under which an auditor's reading is recorded."""


class Scope:
    """Open the transaction, tell PostgreSQL what the actor may see, roll back what failed, and append the record of the act.

    Without a post nothing is in scope: scoped tables answer with an error. Generic views render after the view has returned, so the
    transaction is opened here and not around the view (ATOMIC_REQUESTS).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the rest of the request inside the transaction."""
        if request.path_info in PROBES:
            return self.get_response(request)
        about = audit.Note(
            getattr(request, "request_id", None) or uuid.uuid4(), address=audit.address_of(request)
        )
        with audit.gathering(about):
            try:
                answer = self._inside(request, about)
            except Exception as error:
                about.detail["error"] = type(error).__name__
                _keep(request, about, HTTPStatus.INTERNAL_SERVER_ERROR)
                raise
            _keep(request, about, answer.status_code)
            return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember that the view raised: what it wrote is rolled back, also when the answer is 403 or 404."""
        request.raised = True  # type: ignore[attr-defined]

    def _inside(self, request: HttpRequest, about: audit.Note) -> HttpResponse:
        with transaction.atomic(), ExitStack() as stack:
            user = self._who(request)
            if user and user.post:
                enter_scope(*user.post.code_range, user_id=user.pk)
            else:
                leave_scope(user_id=user.pk if user else None)
            about.user, about.post = user, user.post if user else None
            stack.enter_context(
                pghistory.context(
                    user=user.pk if user else None,
                    post=about.post.pk if about.post else None,
                    url=request.path_info,
                    request_id=str(about.request_id),
                )
            )
            answer = _whole(self.get_response(request))
            if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or getattr(request, "raised", False):
                transaction.set_rollback(True)
            elif _is_act(request) and _outcome(about, answer.status_code) is audit.Outcome.DONE:
                _name(request, about)
                audit.write(about, audit.Outcome.DONE)
            elif _is_audited_look(request, about, answer.status_code):
                _name_look(request, about)
                audit.write(about, audit.Outcome.DONE)
        return answer

    def _who(self, request: HttpRequest) -> User | None:
        """Return who asks: by the token of a department, which goes before the browser's session, else by the session."""
        if is_api(request) and (key := tokens.presented(request)) is not None:
            token = tokens.find(key)
            request.api_token = token  # type: ignore[attr-defined]
            request.user = token.post.user if token else AnonymousUser()
            if token and isinstance(request.user, User):
                request.user.post = token.post
        return request.user if isinstance(request.user, User) else None


def _whole(answer: HttpResponse | StreamingHttpResponse) -> HttpResponse:
    """Draw a streamed answer now, while the scope is open; a file's bytes don't come from the database and may stream."""
    if (
        isinstance(answer, StreamingHttpResponse)
        and not isinstance(answer, FileResponse)
        and not answer.is_async
    ):
        answer.streaming_content = [b"".join(answer.streaming_content)]  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]


def _is_act(request: HttpRequest) -> bool:
    """Whether the request asks to change something through an address of this site; what a quiet door lets in does not."""
    if request.method in SAFE_METHODS or request.resolver_match is None:
        return False
    hung = door_of(request.resolver_match.func, request.method)
    return hung is None or not hung.quiet


def _is_audited_look(request: HttpRequest, about: audit.Note, status: int) -> bool:
    """Whether an auditor reads a page: whoever looks into everything is seen doing so (security.md §3).

    A progress bar that asks by itself is no look.
    """
    return (
        about.post is not None
        and about.post.role == Role.AUDITOR
        and request.method in SAFE_METHODS
        and request.resolver_match is not None
        and "X-Background" not in request.headers
        and status < HTTPStatus.BAD_REQUEST
    )


def _name_look(request: HttpRequest, about: audit.Note) -> None:
    """Say which page was looked at and how it was filtered; words typed into a search are left out, they may be anything."""
    match = request.resolver_match
    about.action = LOOK
    about.object_key = about.object_key or "/".join(
        str(value) for value in (match.kwargs if match else {}).values()
    )
    asked = {name: values for name, values in request.GET.lists() if name not in {"q", "page"}}
    about.detail = {
        "url": request.path_info[:200],
        "page": match.view_name if match else "",
        "asked": asked,
    } | about.detail


def _outcome(about: audit.Note, status: int) -> audit.Outcome:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return audit.Outcome.FAILED
    if status >= HTTPStatus.BAD_REQUEST:
        return audit.Outcome.REFUSED
    return about.outcome or audit.Outcome.DONE


def _name(request: HttpRequest, about: audit.Note) -> None:
    """Name the act by its door, and say by which address it came."""
    if (match := request.resolver_match) is not None:
        hung = door_of(match.func, request.method)
        about.action = about.action or (hung and hung.action) or match.view_name or match.route
    about.detail = {"url": request.path_info[:200], "method": request.method} | about.detail


def _keep(request: HttpRequest, about: audit.Note, status: int) -> None:
    """Record what was refused or failed over the connection that nothing rolls back; refusals of reading too."""
    denied = status == HTTPStatus.FORBIDDEN and about.user is not None and request.resolver_match is not None
    outcome = _outcome(about, status)
    if not (_is_act(request) or denied) or (outcome is audit.Outcome.DONE):
        return
    _name(request, about)
    about.detail["status"] = status
    try:
        audit.write(about, outcome, using="record")
    except DatabaseError:
        log.exception("the record of a %s act could not be kept", outcome)
