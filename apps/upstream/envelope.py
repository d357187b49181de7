"""The answer's envelope: success, data, login (documented)."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from apps.upstream.dialect import Dialect
from apps.upstream.errors import (
    UpstreamError,
    UpstreamGarbled,
    UpstreamRefused,
    UpstreamSessionEnded,
    UpstreamThrottled,
)
from apps.upstream.readers import text, truth
from apps.upstream.redaction import redact

log = logging.getLogger(__name__)
EXCERPT, LOOKED_AT = 200, 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP. Neither the body nor the secrets show in its repr."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the command, whether it needs a session, and the secrets that were sent with it."""

    command: str
    with_session: bool = True
    secrets: tuple[str, ...] = field(default=(), repr=False)


def opened(asked: Asked, answer: Answer, dialect: Dialect) -> dict[str, Any]:
    """The envelope of a success; anything else is raised as the error that it is."""
    if answer.status == 429 or (answer.status == 503 and "Retry-After" in answer.headers):
        wait = seconds(answer.headers.get("Retry-After", ""))
        raise UpstreamThrottled(asked.command, wait, may_have_happened=answer.status != 429)
    envelope = _envelope(answer)
    succeeded = truth(envelope.get("success"))
    if succeeded is None:
        raise garbled(asked, f"HTTP {answer.status}", answer.body)
    if succeeded:
        return envelope
    raise _refusal(asked, text(envelope.get("data")), dialect)


def _envelope(answer: Answer) -> dict[str, Any]:
    """The JSON object, or an empty one where there is none."""
    try:
        found = json.loads(answer.body.decode("utf-8-sig")) if answer.status == 200 else None
    except (ValueError, RecursionError):  # not JSON, not UTF-8, a number of 5,000 digits, too deep
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(asked: Asked, code: str, dialect: Dialect) -> UpstreamError:
    if code in dialect.throttled:
        return UpstreamThrottled(asked.command)
    if asked.with_session and code in dialect.session_ended:
        return UpstreamSessionEnded(asked.command, code)
    return UpstreamRefused(asked.command, redact(code[:LOOKED_AT], *asked.secrets)[:40])


def garbled(asked: Asked, detail: str, body: bytes = b"") -> UpstreamGarbled:
    """The error, its excerpt without secrets; logged."""
    shown = text(body[:LOOKED_AT].decode("utf-8", "replace"))
    excerpt = redact(shown, *asked.secrets)[:EXCERPT]
    log.warning("%s: garbled answer, %s: %s", asked.command, detail, excerpt)
    return UpstreamGarbled(asked.command, detail, excerpt)


def seconds(written: str) -> float | None:
    """Retry-After, as seconds or as a date; at most an hour."""
    try:
        wait = float(written)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(wait, 0.0), 3600.0) if wait == wait else None  # noqa: PLR0124  (not a number is none)
