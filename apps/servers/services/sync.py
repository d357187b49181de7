"""One refresh of an upstream account: two calls, however many servers and however many people look."""

from datetime import datetime, timedelta

from django.db.models import Q

from apps.common import clock, leases
from apps.common.errors import Unavailable
from apps.common.queue import send
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.services import mirror

HOT_EVERY = timedelta(seconds=5)
COLD_EVERY = timedelta(seconds=60)
AFTER_A_FAILURE = timedelta(seconds=15)
LEASE = 45


def ask_where_due() -> None:
    """Ask a worker to refresh every account whose time has come."""
    due = Q(next_sync_at=None) | Q(next_sync_at__lte=clock.now())
    usable = UpstreamAccount.objects.filter(due, state=UpstreamAccount.State.WORKING)
    for account_id in usable.values_list("pk", flat=True):
        send("servers.sync", account_id, expires=10)


def sync(account_id: int) -> None:
    """Refresh one account. Two refreshes of it never overlap; a call that comes too early does nothing."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None or not _is_due(account):
        return
    if word := leases.take(account, "sync", LEASE):
        try:
            _set_next(account, _refresh(account))
        finally:
            leases.give_back(account, "sync", word)


def _is_due(account: UpstreamAccount) -> bool:
    return account.next_sync_at is None or account.next_sync_at <= clock.now()


def _refresh(account: UpstreamAccount) -> timedelta:
    """Read and write the mirror; how long until the next time."""
    gateway = Gateway(account)
    began = clock.now()
    try:
        listed = gateway.servers()
        asked_states = clock.now()
        statuses = gateway.statuses()
    except Unavailable:
        return AFTER_A_FAILURE
    mirror.apply_servers(account, listed, began)
    mirror.apply_statuses(account, statuses, asked_states)
    UpstreamAccount.objects.filter(pk=account.pk).update(synced_at=began)
    return HOT_EVERY if _is_hot(account, began) else COLD_EVERY


def _is_hot(account: UpstreamAccount, at: datetime) -> bool:
    hot_until = UpstreamAccount.objects.values_list("hot_until", flat=True).get(pk=account.pk)
    return hot_until is not None and hot_until > at


def _set_next(account: UpstreamAccount, wait: timedelta) -> None:
    UpstreamAccount.objects.filter(pk=account.pk).update(next_sync_at=clock.now() + wait)
