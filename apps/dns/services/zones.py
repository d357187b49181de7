"""Adding and removing zones."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.limits import require_room
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import PortalError
from apps.common.ids import new_id
from apps.dns.models import Zone
from apps.dns.names import zone_name
from apps.dns.permissions import WHO_MAY
from apps.dns.services.sync import plain
from apps.resellers.gateway import Gateway
from apps.servers.services.accounts import account_for
from apps.upstream.listings import read_zones
from apps.writes.deeds import Deed, Happened, Look, made, removed
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send


class ZoneTaken(PortalError):
    """The same answer whoever has it, or a zone above or below it: nobody learns whose."""

    code, status = "zone_taken", 409
    message = _("This domain, or one above or below it, is already served here. Write to support if it is yours.")


class ZoneGone(PortalError):
    code, status = "zone_gone", 409
    message = _("This zone is no longer served, or not yet. Reload in a minute.")


def add_zone(actor: Actor, name: object, *, customer: object = None, key: Key | None = None) -> Write:
    """Serve a domain for a customer (add_dns_zone, inferred).

    NotPermitted, InvalidInput, ZoneTaken: nothing is sent and nothing written. Then as `sending.send`.
    """
    owner = acting.customer_for(actor, WHO_MAY["add_zone"], customer)
    wanted = zone_name(name)
    if found := made_before(actor, key):
        return again(found)
    _refuse_taken(owner.pk, wanted)
    _require_room(owner.pk)
    account = account_for(owner)
    zone = Zone(pk=new_id(), reseller_id=account.reseller_id, account=account, customer=owner, name=wanted)
    facts = {"name": wanted}
    change = Change("add_dns_zone", account, owner.pk, "zone", zone.pk, {"zone": wanted}, facts)
    try:
        return send(actor, change, key, prepare=lambda: _save_new(zone))
    except IntegrityError:
        raise ZoneTaken from None


def _save_new(zone: Zone) -> None:
    _require_room(zone.customer_id)
    zone.save(force_insert=True)


@transaction.atomic
def _require_room(customer_id: int | None) -> None:
    """LimitReached if the customer has as many zones as may be."""
    if customer_id is not None:
        rows = Zone.objects.filter(customer_id=customer_id, gone_at=None)
        require_room(customer_id, {"zones": Decimal(1)}, lambda: {"zones": Decimal(rows.count())})


def _refuse_taken(customer_id: int, name: str) -> None:
    """A zone that exists, or a neighbour's above or below it, would take names over."""
    labels = name.split(".")
    above = [".".join(labels[place:]) for place in range(1, len(labels) - 1)]
    served = Zone.objects.filter(gone_at=None)
    near = served.filter(Q(name__in=above) | Q(name__endswith=f".{name}")).exclude(customer_id=customer_id)
    if served.filter(name=name).exists() or near.exclude(customer=None).exists():
        raise ZoneTaken


def remove_zone(actor: Actor, zone: Zone, *, key: Key | None = None) -> Write:
    """Serve it no more; all its records are lost (del_dns_zone, inferred)."""
    acting.require(actor, WHO_MAY["remove_zone"], zone.customer_id)
    if found := made_before(actor, key):
        return again(found)
    require_there(zone)
    parameters = {"zid": zone.upstream_id}
    change = Change("del_dns_zone", zone.account, zone.customer_id, "zone", zone.pk, parameters, {"name": zone.name})
    return send(actor, change, key)


def require_there(zone: Zone) -> None:
    """ZoneGone unless the upstream has it."""
    if zone.upstream_id is None or zone.gone_at is not None:
        raise ZoneGone


def _listed(gateway: Gateway) -> dict[str, str]:
    return {zone.id: plain(zone.name) for zone in gateway.read_as(read_zones, "get_dns_zones", fresh=True)}


def _find_added(write: Write, gateway: Gateway) -> Happened | Look:
    return made(_listed(gateway), write.facts["name"])


def _find_removed(write: Write, gateway: Gateway) -> Happened | Look:
    return removed(_listed(gateway), write.parameters["zid"])


@transaction.atomic
def _added(write: Write, upstream_id: str) -> None:
    """Perhaps a refresh has seen it first, as nobody's: that row gives way."""
    Zone.objects.filter(account_id=write.account_id, upstream_id=upstream_id, customer=None).delete()
    _zone(write).update(upstream_id=upstream_id, seen_at=clock.now(), gone_at=None)


def _not_added(write: Write) -> None:
    _zone(write).filter(upstream_id=None).update(gone_at=clock.now())


def _removed(write: Write, _upstream_id: str) -> None:
    _zone(write).update(gone_at=clock.now())


def _zone(write: Write) -> Any:
    return Zone.objects.filter(pk=write.subject_id)


DEEDS = (
    Deed("add_dns_zone", "added", _find_added, _added, _not_added, makes=True),
    Deed("del_dns_zone", "removed", _find_removed, _removed),
)
