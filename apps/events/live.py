"""Redis only says that there is something new; streams read the rows."""

import logging
from functools import lru_cache

import redis
from django.conf import settings
from django.db import transaction

CHANNEL = "events"
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def store() -> redis.Redis:
    """The process's client of the store; short time limits, for nothing may wait for it."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def wake_after_commit() -> None:
    """Tell the streams, once the event that they will read is committed."""
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Tell the streams now. A store that is away costs a second of delay, not an error."""
    try:
        store().publish(CHANNEL, b"")
    except redis.RedisError as exc:
        log.warning("The store did not take the wake-up: %s", type(exc).__name__)
