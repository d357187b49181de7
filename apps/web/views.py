"""Health: is the process there; can it work."""

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.events.live import store
from apps.web.context import THEMES
from apps.web.middleware import CHOSEN_LANGUAGE

YEAR = 365 * 24 * 3600


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the broker answer; 503 names which does not."""
    missing = [name for name, works in (("database", _database()), ("store", _store())) if not works]
    if missing:
        return HttpResponse(f"not ready: {', '.join(missing)}\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM resellers_reseller LIMIT 1")
    except DatabaseError:
        return False
    return True


def _store() -> bool:
    try:
        return bool(store().ping())
    except redis.RedisError:
        return False


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Theme and language of this browser; then back to where the person was."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = redirect(back if safe else "/")
    for name, cookie, allowed in (("theme", "theme", THEMES | {""}), ("language", CHOSEN_LANGUAGE, {"en", "ru"})):
        chosen = request.POST.get(name)
        if chosen is not None and chosen in allowed:
            response.set_cookie(cookie, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response
