"""Tasks are asked for by name, after the commit: services never import tasks, and a dead broker is no error."""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
LEAVE_ALONE = 2.0  # seconds in which a broker that was away is not asked again: each try costs more than half of one


class _Broker:
    away_until = 0.0


def send_after_commit(task: str, *ids: int, expires: float = 60) -> None:
    """Ask a worker to run `task` with these ids once the rows it will read are committed."""
    transaction.on_commit(partial(send, task, *ids, expires=expires), robust=True)


def send(task: str, *ids: int, expires: float = 60) -> None:
    """Hurry a worker along. If the broker is away the sweep finds the rows instead."""
    if time.monotonic() < _Broker.away_until:
        return
    try:
        current_app.send_task(task, args=ids, expires=expires, ignore_result=True)
    except (OperationalError, OSError) as exc:
        _Broker.away_until = time.monotonic() + LEAVE_ALONE
        log.warning("The broker did not take %s: %s", task, type(exc).__name__)
