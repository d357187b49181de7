"""One id from the click to the upstream call and the mail."""

import logging
import secrets
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request or task that runs now; empty outside both."""
    return _current.get()


def begin(given: str = "") -> str:
    """Start a new id (or go on with a given one) for what runs in this context from now on."""
    chosen = given or secrets.token_hex(8)
    _current.set(chosen)
    return chosen


class AddRequestId(logging.Filter):
    """Gives every log line the id of what runs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current() or "-"
        return True
