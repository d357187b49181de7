"""Private networks of an upstream account become our rows; one call an account (get_vlans)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.common import clock
from apps.common.errors import Unavailable
from apps.networks.models import Network
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.listings import RemoteNetwork, read_networks

EVERY = 60  # seconds
VANISHED_AFTER = timedelta(seconds=15)


def ask_where_due() -> None:
    """Ask a worker to refresh the networks of each account whose time has come."""
    rounds.ask_where_due("networks.sync", EVERY)


def sync(account_id: int) -> None:
    """Refresh the networks of one account."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    began = clock.now()
    try:
        listed = Gateway(account).read_as(read_networks, "get_vlans")
    except Unavailable:
        return
    _write(account, listed, began)


@transaction.atomic
def _write(account: UpstreamAccount, listed: list[RemoteNetwork], began: datetime) -> None:
    rows = Network.objects.select_for_update().filter(account=account)
    known = {network.upstream_id: network for network in rows.exclude(upstream_id=None)}
    pending = {network.upstream_name: network for network in rows.filter(upstream_id=None, gone_at=None)}
    for remote in listed:
        network = known.get(remote.id) or pending.get(remote.name) or Network(account=account)
        if network.seen_at is None or network.seen_at < began:  # what was written since is newer than this list
            _take(network, remote, began)
    missing = rows.filter(gone_at=None).exclude(upstream_id=None)
    missing = missing.exclude(upstream_id__in=[remote.id for remote in listed])
    missing.filter(Q(seen_at__lt=began - VANISHED_AFTER) | Q(seen_at=None)).update(gone_at=began)


def _take(network: Network, remote: RemoteNetwork, began: datetime) -> None:
    """The name that the customer gave stays until it changes upstream."""
    if remote.name != network.upstream_name:
        network.name = remote.name or network.name
        network.upstream_name = remote.name
    network.reseller_id = network.account.reseller_id
    network.upstream_id, network.server_ids = remote.id, list(remote.servers)
    network.seen_at, network.gone_at = began, None
    network.save()
