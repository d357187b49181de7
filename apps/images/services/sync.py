"""Templates of an upstream account become our rows; one call an account."""

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction

from apps.common import clock
from apps.common.errors import Unavailable
from apps.common.queue import send
from apps.images.models import Template
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.values import RemoteTemplate

EVERY = timedelta(minutes=10)
NOT_SOONER = 20  # seconds between two tries for an account that has none


def ask_where_due() -> None:
    """Ask a worker to refresh the templates of every account that was not refreshed for ten minutes."""
    recent = Template.objects.filter(seen_at__gt=clock.now() - EVERY).values("account_id")
    stale = UpstreamAccount.objects.filter(state=UpstreamAccount.State.WORKING).exclude(pk__in=recent)
    for account_id in stale.values_list("pk", flat=True):
        if cache.add(f"templates-asked:{account_id}", 1, NOT_SOONER):
            send("images.sync", account_id, expires=30)


def sync(account_id: int) -> None:
    """Refresh the templates of one account (get_templates)."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    try:
        listed = Gateway(account).templates()
    except Unavailable:
        return
    _write(account, listed)


@transaction.atomic
def _write(account: UpstreamAccount, listed: list[RemoteTemplate]) -> None:
    now = clock.now()
    for remote in listed:
        Template.objects.update_or_create(
            account=account,
            upstream_id=remote.id,
            defaults={
                "name": remote.name,
                "os": remote.os,
                "min_disk_gb": remote.min_disk_gb or 0,
                "is_system": remote.owner == "system",
                "seen_at": now,
                "gone_at": None,
            },
        )
    Template.objects.filter(account=account, gone_at=None, seen_at__lt=now).update(gone_at=now)
