"""Who a program is. The scope middleware has already found it out, since DRF authenticates only inside the view."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from fupin.accounts import tokens
from fupin.accounts.models import ApiToken, User


class TokenAuthentication(authentication.BaseAuthentication):
    """Pass on the department's token that the scope middleware has resolved."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, ApiToken] | None:
        """Return the user of the token, or None where the caller brought none."""
        token: ApiToken | None = getattr(request._request, "api_token", None)
        if token is not None:
            return request._request.user, token
        if tokens.presented(request._request) is not None:
            raise exceptions.AuthenticationFailed("令牌无效或已失效")
        return None

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme named in a 401."""
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """Take the browser's session, which has to bring its CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the session's user, or None."""
        found = super().authenticate(request)
        return (found[0], None) if found else None
