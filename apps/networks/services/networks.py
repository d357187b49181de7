"""Adding, renaming and removing private networks."""

import secrets
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.limits import require_room
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import PortalError
from apps.common.ids import new_id
from apps.common.names import clean_name
from apps.networks.models import Network
from apps.networks.permissions import WHO_MAY
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.services.accounts import account_for
from apps.upstream.listings import read_networks
from apps.writes.deeds import Deed, Happened, Look, made, removed
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send


class NetworkInUse(PortalError):
    code, status = "network_in_use", 409
    message = _("Servers are in this network. Take them out first.")


class NetworkGone(PortalError):
    code, status = "network_gone", 409
    message = _("This network is no longer there, or not yet. Reload in a minute.")


def add_network(actor: Actor, name: object, *, customer: object = None, key: Key | None = None) -> Write:
    """A new private network of a customer (add_vlan, inferred); nothing is in it yet."""
    owner = acting.customer_for(actor, WHO_MAY["add_network"], customer)
    wanted = clean_name(name)
    if found := made_before(actor, key):
        return again(found)
    _require_room(owner.pk)
    account = account_for(owner)
    for sent in (_free(account, wanted), _marked(wanted)):
        network = Network(pk=new_id(), reseller_id=account.reseller_id, account=account, customer=owner, name=wanted)
        network.upstream_name = sent
        change = Change("add_vlan", account, owner.pk, "network", network.pk, {"name": sent}, {"name": wanted})
        try:
            return send(actor, change, key, prepare=partial(_save_new, network))
        except IntegrityError:  # somebody asked for the same name at the same moment
            continue
    raise NetworkGone


def _save_new(network: Network) -> None:
    _require_room(network.customer_id)
    network.save(force_insert=True)


@transaction.atomic
def _require_room(customer_id: int | None) -> None:
    """LimitReached if the customer has as many networks as may be."""
    if customer_id is not None:
        rows = Network.objects.filter(customer_id=customer_id, gone_at=None)
        require_room(customer_id, {"networks": Decimal(1)}, lambda: {"networks": Decimal(rows.count())})


def _free(account: UpstreamAccount, name: str) -> str:
    """A name that no other network of the account has: a lost answer is found by it."""
    taken = Network.objects.filter(account=account, upstream_name=name, gone_at=None).exists()
    return _marked(name) if taken else name


def _marked(name: str) -> str:
    return f"{name}-{secrets.token_hex(3)}"


def rename_network(actor: Actor, network: Network, name: object, *, key: Key | None = None) -> Write:
    """Another name (update_vlan, inferred)."""
    acting.require(actor, WHO_MAY["rename_network"], network.customer_id)
    wanted = clean_name(name)
    if found := made_before(actor, key):
        return again(found)
    _require_there(network)
    others = Network.objects.filter(account=network.account, upstream_name=wanted, gone_at=None).exclude(pk=network.pk)
    sent = _marked(wanted) if others.exists() else wanted
    facts = {"name": wanted, "sent": sent, "before": network.name}
    parameters = {"vlan": network.upstream_id, "name": sent}
    change = Change("update_vlan", network.account, network.customer_id, "network", network.pk, parameters, facts)
    return send(actor, change, key)


def remove_network(actor: Actor, network: Network, *, key: Key | None = None) -> Write:
    """Gone (del_vlan, inferred); only an empty one."""
    acting.require(actor, WHO_MAY["remove_network"], network.customer_id)
    if found := made_before(actor, key):
        return again(found)
    _require_there(network)
    if network.server_ids:
        raise NetworkInUse
    parameters, facts = {"vlan": network.upstream_id}, {"name": network.name}
    change = Change("del_vlan", network.account, network.customer_id, "network", network.pk, parameters, facts)
    return send(actor, change, key)


def _require_there(network: Network) -> None:
    if network.upstream_id is None or network.gone_at is not None:
        raise NetworkGone


def _listed(gateway: Gateway) -> dict[str, str]:
    return {network.id: network.name for network in gateway.read_as(read_networks, "get_vlans", fresh=True)}


def _find_added(write: Write, gateway: Gateway) -> Happened | Look:
    return made(_listed(gateway), write.parameters["name"])


def _find_renamed(write: Write, gateway: Gateway) -> Happened | Look:
    is_so = _listed(gateway).get(write.parameters["vlan"]) == write.facts["sent"]
    return Happened() if is_so else Look.ABSENT


def _find_removed(write: Write, gateway: Gateway) -> Happened | Look:
    return removed(_listed(gateway), write.parameters["vlan"])


@transaction.atomic
def _added(write: Write, upstream_id: str) -> None:
    """Perhaps a refresh has seen it first, as nobody's: that row gives way."""
    Network.objects.filter(account_id=write.account_id, upstream_id=upstream_id, customer=None).delete()
    _row(write).update(upstream_id=upstream_id, seen_at=clock.now(), gone_at=None)


def _not_added(write: Write) -> None:
    _row(write).filter(upstream_id=None).update(gone_at=clock.now())


def _renamed(write: Write, _upstream_id: str) -> None:
    _row(write).update(name=write.facts["name"], upstream_name=write.facts["sent"], seen_at=clock.now())


def _removed(write: Write, _upstream_id: str) -> None:
    _row(write).update(gone_at=clock.now())


def _row(write: Write) -> Any:
    return Network.objects.filter(pk=write.subject_id)


DEEDS = (
    Deed("add_vlan", "added", _find_added, _added, _not_added, makes=True),
    Deed("update_vlan", "renamed", _find_renamed, _renamed),
    Deed("del_vlan", "removed", _find_removed, _removed),
)
