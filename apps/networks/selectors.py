"""Looking private networks up: for an actor, there is no other way."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.networks.models import Network
from apps.servers.selectors import servers_for

NEVER_CAME_TO_BE = Q(upstream_id=None, gone_at__isnull=False)


def networks_for(actor: Actor) -> QuerySet[Network]:
    """Networks of the actor's customers; all of the house for the reseller's people."""
    house = Network.objects.filter(reseller_id=actor.reseller_id).exclude(NEVER_CAME_TO_BE)
    return house if actor.is_staff else house.filter(customer__memberships__user=actor.user)


def network_for(actor: Actor, network_id: int) -> Network:
    """The network with this id. Hidden and missing look exactly alike: NotFound."""
    network = networks_for(actor).select_related("account", "customer").filter(pk=network_id).first()
    if network is None:
        raise NotFound
    return network


def ids_by_upstream(actor: Actor, account_id: int, upstream_ids: Iterable[str]) -> dict[str | None, int]:
    """Our ids of an account's networks, as far as the actor sees them."""
    rows = networks_for(actor).filter(account_id=account_id, upstream_id__in=list(upstream_ids))
    return {row.upstream_id: row.pk for row in rows.only("upstream_id")}


def servers_in(actor: Actor, networks: Iterable[Network]) -> dict[int, list[int]]:
    """Our ids of the servers in each network, as far as the actor sees them; one query."""
    shown = list(networks)
    wanted = {upstream_id for network in shown for upstream_id in network.server_ids}
    rows = servers_for(actor).filter(upstream_id__in=wanted, account_id__in={network.account_id for network in shown})
    ours = {(row.account_id, row.upstream_id): row.pk for row in rows.only("account_id", "upstream_id")}
    return {
        network.pk: sorted(
            ours[network.account_id, id_] for id_ in network.server_ids if (network.account_id, id_) in ours
        )
        for network in shown
    }
