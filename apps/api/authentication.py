"""Programs come with a bearer token, and with nothing else: no cookie counts at this door."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, User
from apps.accounts.services import tokens


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`. Whatever is wrong with a token, the answer is the same 401."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words:
            return None
        reseller = request._request.reseller  # type: ignore[attr-defined]
        token = tokens.find(words[1], reseller.pk) if len(words) == 2 and words[0].lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(_("This token is not valid."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema speaks of our tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def actor_of(request: Request) -> Actor:
    """Who stands at this door."""
    return Actor(cast(User, request.user), cast("ApiToken | None", request.auth))
