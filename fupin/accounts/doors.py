"""Every view stands behind a door that says who may come in; a view without one is refused by ``middleware.doors``.

``@door("registry.change_household", audit="household.change")`` goes on a function view or around ``View.as_view()``. A viewset
declares ``doors = {"list": "registry.view_household", …}``, an APIView the same by method.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

from fupin.accounts.models import User

V = TypeVar("V", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Stage(IntEnum):
    """How far somebody has come with signing in."""

    PASSWORD_GIVEN = 1
    CODE_GIVEN = 2
    """The second factor too, but the password has to be changed first."""
    DONE = 3


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in to a view, and under which name an act through it is recorded."""

    permission: str | None
    """None: everybody who has signed in."""
    audit: str | None = None
    open: bool = False
    """Nobody is asked who he is."""
    stage: Stage = Stage.DONE
    """From which stage of signing in on it may be passed: the page of the second factor before it was given."""
    proof: bool = False
    """An unsafe request asks for the password again when the last proof is older than five minutes (security.md row 7)."""
    quiet: bool = False
    """What comes in changes nothing but the person's own draft and leaves no record: sent with every few keystrokes."""

    @property
    def action(self) -> str | None:
        """Return the name under which an act is recorded."""
        return self.audit or self.permission


def door(
    permission: str | None,
    *,
    audit: str | None = None,
    open: bool = False,  # noqa: A002  (an open door)
    stage: Stage = Stage.DONE,
    proof: bool = False,
    quiet: bool = False,
) -> Callable[[V], V]:
    """Hang a door on a view: the permission it asks for, or None for whoever has signed in; ``open`` for everybody."""
    hung = Door(permission, audit=audit, open=open, stage=stage, proof=proof, quiet=quiet)

    def hang(view: V) -> V:
        view.door = hung  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return hang


def door_of(view: Callable[..., Any], method: str | None) -> Door | None:
    """Return the door of a resolved view for an HTTP method, or None where none was hung."""
    hung = getattr(view, "door", None)
    if isinstance(hung, Door):
        return hung
    declared: Mapping[str, str | Door] | None = getattr(getattr(view, "cls", None), "doors", None)
    if not declared:
        return None
    verb = (method or "GET").lower()
    verb = "get" if verb in {"head", "options"} else verb
    actions: Mapping[str, str] | None = getattr(view, "actions", None)
    # A method the route does not serve is answered 405 by the view itself; until then its first door stands.
    key = verb if actions is None else actions.get(verb) or next(iter(actions.values()))
    return as_door(declared.get(key))


def as_door(declared: str | Door | None) -> Door | None:
    """Return what a viewset declares for an action as a door."""
    return Door(declared) if isinstance(declared, str) else declared


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the site: its route, its name with namespaces, and the view behind it."""

    route: str
    name: str
    view: Callable[..., Any]


def addresses(patterns: URLResolver | None = None, *, route: str = "", space: str = "") -> Iterator[Address]:
    """Yield every address that the resolver knows."""
    for pattern in (patterns or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, route=here, space=inner)
        elif isinstance(pattern, URLPattern):
            yield Address(here, f"{space}{pattern.name or ''}", pattern.callback)


def actor(request: HttpRequest) -> User:
    """Return the signed-in user of a request that came through a door which asks for one."""
    if not isinstance(request.user, User):
        raise TypeError("the door of this view lets in people who have not signed in")
    return request.user
