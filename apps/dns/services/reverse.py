"""Reverse names: where an address of a server leads back to."""

import ipaddress

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import InvalidInput
from apps.dns.models import ReverseName
from apps.dns.names import host_name
from apps.dns.permissions import WHO_MAY
from apps.resellers.gateway import Gateway
from apps.servers.models import Server
from apps.servers.selectors import servers_for
from apps.writes.deeds import Deed, Happened, Look
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send


def reverse_names_for(actor: Actor) -> QuerySet[ReverseName]:
    """Those that were set here, of servers that the actor sees."""
    return ReverseName.objects.filter(server__in=servers_for(actor)).select_related("server")


def set_by(write: Write) -> ReverseName:
    """What this write has set."""
    return ReverseName.objects.get(server_id=write.facts["server"], ip=write.facts["ip"])


def set_reverse_name(actor: Actor, ip: object, name: object, *, key: Key | None = None) -> Write:
    """Let an address of one of the actor's servers lead to a name (set_ptr, inferred).

    An address that is nobody's, or a neighbour's, is the same InvalidInput. A lost answer cannot be looked up: it
    ends as failed with the code outcome_unknown, and may be ordered again.
    """
    server, address = _server_of(actor, ip)
    acting.require(actor, WHO_MAY["set_reverse_name"], server.customer_id)
    wanted = host_name(name, "name")
    if found := made_before(actor, key):
        return again(found)
    facts = {"ip": address, "name": wanted, "server": server.pk}
    parameters = {"ip": address, "name": wanted}
    return send(
        actor, Change("set_ptr", server.account, server.customer_id, "server", server.pk, parameters, facts), key
    )


def _server_of(actor: Actor, ip: object) -> tuple[Server, str]:
    try:
        address = str(ipaddress.ip_address(ip.strip())) if isinstance(ip, str) else ""
    except ValueError:
        address = ""
    if address:
        rows = servers_for(actor).filter(gone_at=None, interfaces__icontains=address).select_related("account")
        for server in rows:
            if any(card.get("ip") == address for card in server.interfaces):
                return server, address
    raise InvalidInput({"ip": [_("None of your servers has this address.")]})


def _find(_write: Write, _gateway: Gateway) -> Happened | Look:
    return Look.NOBODY_KNOWS


def _set(write: Write, _upstream_id: str) -> None:
    facts = write.facts
    ReverseName.objects.update_or_create(
        server_id=facts["server"], ip=facts["ip"], defaults={"name": facts["name"], "set_at": clock.now()}
    )


DEEDS = (Deed("set_ptr", "reverse_name_set", _find, _set),)
