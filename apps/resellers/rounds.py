"""Refreshing what changes seldom: each listing once an account and a while, however many look."""

from django.core.cache import cache

from apps.common.queue import send
from apps.resellers.models import UpstreamAccount


def ask_where_due(task: str, every: int) -> None:
    """Ask a worker to run `task` for each working account for which it was not asked within `every` seconds."""
    working = UpstreamAccount.objects.filter(state=UpstreamAccount.State.WORKING)
    for account_id in working.values_list("pk", flat=True):
        if cache.add(_key(task, account_id), 1, every):
            send(task, account_id, expires=30)


def soon(task: str, account_id: int, *, not_sooner: int = 5) -> None:
    """Somebody looks: refresh now, unless it was asked for within `not_sooner` seconds."""
    if cache.add(f"{_key(task, account_id)}:soon", 1, not_sooner):
        send(task, account_id, expires=30)


def _key(task: str, account_id: int) -> str:
    return f"round:{task}:{account_id}"
