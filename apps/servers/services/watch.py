"""Somebody looks: what they see is refreshed often for a while."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from apps.common import clock
from apps.common.queue import send
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Server

HOT = timedelta(seconds=60)


def keep_hot(servers: Iterable[Server]) -> None:
    """Refresh the accounts of these servers often for a minute; costs a write at most every half minute an account."""
    now = clock.now()
    cooling = Q(hot_until=None) | Q(hot_until__lt=now + HOT / 2)
    accounts = UpstreamAccount.objects.filter(cooling, pk__in={server.account_id for server in servers})
    for account_id in list(accounts.values_list("pk", flat=True)):
        UpstreamAccount.objects.filter(pk=account_id).update(hot_until=now + HOT, next_sync_at=now)
        send("servers.sync", account_id, expires=10)
