"""The two addresses of live events, outside Django's middleware: no thread and no connection waits with a stream."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import connection
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.accounts.selectors import customer_ids
from apps.accounts.services import tokens
from apps.api.problems import plain, problem
from apps.events.streams import PER_PERSON, Audience, pump, stream
from apps.resellers.hosts import reseller_by_host
from apps.resellers.middleware import unknown_host

PATHS = frozenset({"/live/", "/api/v1/events/"})
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
Still = Callable[[], Audience | None]


class EventsHandler(ASGIHandler):
    """Django's handler with one view and no middleware."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        self._middleware_chain = events


async def events(request: ASGIRequest) -> HttpResponseBase:
    """A stream for a page (by its session) or a program (by its token)."""
    if not await sync_to_async(_ask)(lambda: reseller_by_host(_host(request))):
        return unknown_host()
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    still = _by_session(request) if request.path == "/live/" else _by_token(request)
    audience = await sync_to_async(_ask)(still)
    if audience is None:
        return _refusal(401, "invalid_token", {"WWW-Authenticate": "Bearer"})
    if pump().count_of(audience.user_id) >= PER_PERSON:
        return _refusal(429, "too_many_requests", {"Retry-After": "10"})
    last = request.headers.get("Last-Event-ID", "")
    last_id = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None
    return StreamingHttpResponse(stream(audience, still, last_id), content_type="text/event-stream", headers=HEADERS)


def _refusal(status: int, code: str, headers: dict[str, str]) -> HttpResponse:
    return plain(problem(status, code, ""), headers)


def _ask(question: Callable[[], Any]) -> Any:
    try:
        return question()
    finally:
        connection.close()


def _host(request: ASGIRequest) -> str:
    return split_domain_port(request.META.get("HTTP_HOST", ""))[0]


def _audience(user: User | None, reseller_id: int) -> Audience | None:
    if user is None or not user.is_active or user.reseller_id != reseller_id:
        return None
    customers = None if user.is_staff_member else frozenset(customer_ids(user))
    return Audience(user.pk, reseller_id, customers)


def _by_token(request: ASGIRequest) -> Still:
    host, words = _host(request), request.headers.get("Authorization", "").split()

    def still() -> Audience | None:
        reseller = reseller_by_host(host)
        if reseller is None or len(words) != 2 or words[0].lower() != "bearer":
            return None
        token = tokens.find(words[1], reseller.pk)
        return _audience(token.user, reseller.pk) if token else None

    return still


def _by_session(request: ASGIRequest) -> Still:
    host, key = _host(request), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore

    def still() -> Audience | None:
        reseller = reseller_by_host(host)
        session = store(key).load() if key and len(key) < 100 else {}
        if reseller is None or not session.get(SESSION_KEY) or BACKEND_SESSION_KEY not in session:
            return None
        user = User.objects.filter(pk=session[SESSION_KEY]).first()
        if user is None or not _is_current(session, user):
            return None
        return _audience(user, reseller.pk)

    return still


def _is_current(session: dict[str, Any], user: User) -> bool:
    """The password is still the one under which the session began."""
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
