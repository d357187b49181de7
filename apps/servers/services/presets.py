"""Presets of an upstream account become our rows; one call an account (get_presets, fields inferred)."""

from django.db import transaction

from apps.common import clock
from apps.common.errors import Unavailable
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Preset
from apps.upstream.readers import read_presets
from apps.upstream.values import RemotePreset

EVERY = 600  # seconds


def ask_where_due() -> None:
    """Ask a worker to refresh the presets of each account whose time has come."""
    rounds.ask_where_due("servers.sync_presets", EVERY)


def sync(account_id: int) -> None:
    """Refresh the presets of one account."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    try:
        _write(account, Gateway(account).read_as(read_presets, "get_presets"))
    except Unavailable:
        return


@transaction.atomic
def _write(account: UpstreamAccount, listed: list[RemotePreset]) -> None:
    """A preset without a size is none."""
    now = clock.now()
    for remote in listed:
        if remote.cpu and remote.ram_gb and remote.disk_gb:
            facts = {"name": remote.name, "cpu": remote.cpu, "ram_gb": remote.ram_gb, "disk_gb": remote.disk_gb}
            facts |= {"price": remote.price, "seen_at": now, "gone_at": None}
            Preset.objects.update_or_create(account=account, upstream_id=remote.id, defaults=facts)
    Preset.objects.filter(account=account, gone_at=None, seen_at__lt=now).update(gone_at=now)
