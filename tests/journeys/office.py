"""An office: desks at which people sit before a browser, and somebody who watches what the browser complains about."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from fupin.accounts.models import User

PASSWORD: Final = "cast-Password-2014"
_ANSWERED: Final = re.compile(r"the server responded with a status of (409|422) ")
"""A form that comes back with errors, and one with a conflict: Chromium writes both into its console."""

_CSP: Final = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""

_WHERE: Final = """() => {
  const at = document.activeElement;
  const coded = at?.closest("code-field, division-field");
  const named = coded ? coded.querySelector("[name]") : at;
  return {
    name: named?.name ?? "", id: at?.id ?? "", tag: at?.tagName ?? "", text: (at?.textContent ?? "").trim().slice(0, 40),
    multiple: Boolean(named?.multiple), coded: Boolean(coded), readonly: Boolean(at?.readOnly), href: at?.href ?? "",
  };
}"""


@dataclass
class Office:
    """The browser, the address of the product, and what went wrong in any window of it."""

    browser: Browser
    url: str
    settings: Mapping[str, Any]
    sign_in_for: Callable[[User], Any]
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Pieces of complaints that a journey brings about on purpose."""

    def desk(self, user: User | None = None) -> Page:
        """Return a window of a browser of its own, of somebody signed in or of nobody yet."""
        context = self.browser.new_context(**self.settings)
        context.add_init_script(_CSP)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._say(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.set_default_timeout(30_000)
        if user is not None:
            self.sign_in(context, user)
        return context.new_page()

    def sign_in(self, context: BrowserContext, user: User) -> None:
        """Give a browser the cookie of a session that has just been opened."""
        client = self.sign_in_for(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _ANSWERED.search(message.text):
            self._say(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self._say(f"off-host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._say(f"{response.status}: {response.url}")

    def _say(self, trouble: str) -> None:
        if not any(piece in trouble for piece in self.expected):
            self.troubles.append(trouble)


def where(page: Page) -> dict[str, Any]:
    """Return in which box the keyboard is: a coded box by the name of the field beneath it."""
    found: dict[str, Any] = page.evaluate(_WHERE)
    return found


def tab_to(
    page: Page, wanted: Callable[[dict[str, Any]], bool], *, most: int = 80, key: str = "Tab"
) -> dict[str, Any]:
    """Press Tab until the keyboard is where it is wanted."""
    for _ in range(most):
        here = where(page)
        if wanted(here):
            return here
        page.keyboard.press(key)
    raise AssertionError(
        f"{most} times {key} did not reach it; the keyboard is at {json.dumps(here, ensure_ascii=False)}"
    )


def type_through(page: Page, values: Mapping[str, str], *, last: str) -> list[str]:
    """Go on with Enter from box to box up to the box ``last``, typing what a clerk reads off the paper; return the boxes passed.

    A coded box takes its digits; several codes are given with a comma. Leaves the keyboard in the last box, typed.
    """
    passed: list[str] = []
    for _ in range(400):
        here = where(page)
        name = here["name"]
        if value := values.get(name):
            _type(page, here, value)
        passed.append(name)
        if name == last:
            return passed
        page.keyboard.press("Enter")
        assert where(page)["id"] != here["id"], f"Enter does not leave {name}"
    raise AssertionError(f"{last} was not reached: {passed[-5:]}")


def _type(page: Page, here: Mapping[str, Any], value: str) -> None:
    if here["name"] == "village_code":
        page.keyboard.insert_text(value)
        page.locator("division-field [role=option]").first.wait_for()
    elif here["multiple"]:
        for code in value.split(","):
            page.keyboard.type(code)
            page.keyboard.press("Enter")
    elif value.isascii():
        page.keyboard.type(value)
    else:
        page.keyboard.insert_text(value)  # as an input method would commit it
