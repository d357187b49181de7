"""Looking servers up: for an actor, there is no other way."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.servers.models import Preset, Server

NEVER_CAME_TO_BE = Q(upstream_id=None, gone_at__isnull=False)


def servers_for(actor: Actor) -> QuerySet[Server]:
    """The servers of the actor's customers; all of the house for the reseller's people; never a neighbour's."""
    house = Server.objects.filter(reseller_id=actor.reseller_id).exclude(NEVER_CAME_TO_BE)
    return house if actor.is_staff else house.filter(customer__memberships__user=actor.user)


def server_for(actor: Actor, server_id: int) -> Server:
    """The server with this id of ours. Hidden and missing look exactly alike: NotFound."""
    server = servers_for(actor).select_related("account", "customer").filter(pk=server_id).first()
    if server is None:
        raise NotFound
    return server


def interface_of(server: Server, interface_id: object) -> dict[str, Any]:
    """The server's interface with this number of ours; NotFound otherwise."""
    for card in server.interfaces:
        if str(card.get("key")) == str(interface_id):
            return dict(card)
    raise NotFound


def preset_for(actor: Actor, preset_id: int) -> Preset:
    """The preset with this id of ours. Hidden and missing look exactly alike: NotFound."""
    preset = presets_for(actor).filter(pk=preset_id).first()
    if preset is None:
        raise NotFound
    return preset


def presets_for(actor: Actor) -> QuerySet[Preset]:
    """Offered sizes of the accounts where the actor has servers; without any, of the whole house; for staff, all."""
    house = Preset.objects.filter(account__reseller_id=actor.reseller_id, gone_at=None)
    if actor.is_staff:
        return house
    house = house.filter(offered=True)
    mine = servers_for(actor).filter(gone_at=None).values("account_id")
    return house.filter(account_id__in=mine) if mine.exists() else house
