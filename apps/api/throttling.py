"""So many requests a minute: a token 1,200, an address without one 120."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts.models import ApiToken
from apps.resellers.middleware import client_address


class PerToken(SimpleRateThrottle):
    """Counts by token, else by address."""

    scope = "token"

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = "token" if isinstance(request.auth, ApiToken) else "anonymous"
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def get_cache_key(self, request: Request, view: Any) -> str:
        who = request.auth.pk if isinstance(request.auth, ApiToken) else client_address(request._request)
        return f"rest:{self.scope}:{who}"
