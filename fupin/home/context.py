"""What every page knows: the product's mode, who works here under which post, and where he may go.

The parts of ``nav`` that ask the database do so only when a template reads them: pages without the frame
cost nothing.
"""

from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from fupin.accounts.models import Post, User
from fupin.accounts.permissions import may
from fupin.home.navigation import NAVIGATION, address, door_at


class Link(NamedTuple):
    """A link of the navigation; ``current`` is its aria-current: page, true (a page below it), or nothing."""

    label: str
    url: str
    current: str
    waiting: int = 0
    """How many things wait behind it."""


class LinkGroup(NamedTuple):
    """A heading with its links; folded unless one works in it."""

    label: str
    entries: list[Link]
    is_open: bool = False

    @property
    def waiting(self) -> int:
        """How many things wait behind its links together."""
        return sum(link.waiting for link in self.entries)


class PostChoice(NamedTuple):
    """A post that the user may take on."""

    pk: int
    label: str
    current: bool


class Who(NamedTuple):
    """The person at the screen and the post he acts under."""

    name: str
    post: str
    division: str
    posts: list[PostChoice]
    links: list[Link]
    switch_url: str
    sign_out_url: str


class Navigation:
    """The frame's view of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        """Who has signed in; nobody on pages that answer before it is known."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def sign_in_url(self) -> str:
        """Where scripts send a window whose session has ended."""
        return address(str(settings.LOGIN_URL)) if self.user else ""

    @property
    def idle_seconds(self) -> int:
        """After how long without work the session ends."""
        return int(settings.SESSION_IDLE.total_seconds())

    @property
    def find_url(self) -> str:
        """Where the box on top sends its question: by POST, since ID numbers must not stand in addresses."""
        return self._link("search", "POST")

    @cached_property
    def groups(self) -> list[LinkGroup]:
        """The headings under which this user has at least one page."""
        here = self._here()
        groups = []
        for group in NAVIGATION:
            links = [
                Link(
                    entry.label,
                    url,
                    self._current(url, here),
                    entry.count(self.user) if entry.count and self.user else 0,
                )
                for entry in group.entries
                if (url := self._link(entry.name))
            ]
            if links:
                groups.append(LinkGroup(group.label, links, any(link.current for link in links)))
        folded = [place for place, group in enumerate(groups) if group.label]
        if folded and not any(groups[place].is_open for place in folded):
            groups[folded[0]] = groups[folded[0]]._replace(is_open=True)
        return groups

    @cached_property
    def who(self) -> Who | None:
        """Who works here, with the posts that he holds today."""
        if self.user is None:
            return None
        now = self.user.post
        held = (
            Post.objects.filter(user=self.user)
            .held_on(timezone.localdate())
            .select_related("division")
            .order_by("since", "pk")
        )
        links = [("本人会话", "session_list"), ("修改口令", "password_change")]
        return Who(
            name=self.user.full_name,
            post=now.get_role_display() if now else "没有岗位",
            division=now.division.name if now else "",
            posts=[
                PostChoice(post.pk, f"{post.get_role_display()} · {post.division.name}", post == now)
                for post in held
            ],
            links=[Link(label, address(name), "") for label, name in links if address(name)],
            switch_url=address("post_switch"),
            sign_out_url=address("sign_out"),
        )

    def _link(self, name: str, method: str = "GET") -> str:
        """The address of a page, if it exists and its door is open to the user."""
        url = address(name)
        if self.user is None or not url or (hung := door_at(url, method)) is None:
            return ""
        return url if hung.permission is None or may(self.user, hung.permission) else ""

    def _here(self) -> str:
        """The address in the navigation to which this page belongs: the longest that begins its path."""
        urls = (address(entry.name) for group in NAVIGATION for entry in group.entries)
        return max((url for url in urls if url and self.request.path.startswith(url)), key=len, default="")

    def _current(self, url: str, here: str) -> str:
        """What aria-current says of a link: home stands for itself alone, the others for what is below."""
        if self.request.path == url:
            return "page"
        return "true" if url == here and url != "/" else ""


def product(request: HttpRequest) -> dict[str, Any]:
    """Return what holds for all pages alike: whether people and households are invented."""
    return {"demo": settings.DEMO}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return ``nav``, read by templates/base.html."""
    return {"nav": Navigation(request)}
