"""One server, one port: event streams to Django's asynchronous handler, all else to threads."""

import os
from typing import Any

import django
from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

import portal.celery  # noqa: E402, F401 - services ask its queue
from apps.api.live import PATHS, EventsHandler  # noqa: E402 - needs Django set up

_events = EventsHandler()
_pages: Any = WSGIMiddleware(WSGIHandler(), workers=8)  # type: ignore[arg-type]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Route by path."""
    send = _without_a_name(send)
    if scope["type"] == "http" and scope["path"] in PATHS:
        await _events(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, _as_coroutine(receive), send)


def _as_coroutine(receive: Any) -> Any:
    """granian's `receive` gives an awaitable, a2wsgi wants a coroutine."""

    async def received() -> Any:
        return await receive()

    return received


def _without_a_name(send: Any) -> Any:
    """granian names itself in each answer unless the answer names a server."""

    async def sent(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (b"server", b"web")]}
        await send(message)

    return sent
