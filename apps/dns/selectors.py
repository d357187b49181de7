"""Looking zones and records up: for an actor, there is no other way."""

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.dns.models import Record, Zone

NEVER_CAME_TO_BE = Q(upstream_id=None, gone_at__isnull=False)


def zones_for(actor: Actor) -> QuerySet[Zone]:
    """Zones of the actor's customers; all of the house for the reseller's people."""
    house = Zone.objects.filter(reseller_id=actor.reseller_id).exclude(NEVER_CAME_TO_BE)
    return house if actor.is_staff else house.filter(customer__memberships__user=actor.user)


def zone_for(actor: Actor, zone_id: int) -> Zone:
    """The zone with this id. Hidden and missing look exactly alike: NotFound."""
    zone = zones_for(actor).select_related("account", "customer").filter(pk=zone_id).first()
    if zone is None:
        raise NotFound
    return zone


def records_of(zone: Zone) -> QuerySet[Record]:
    return Record.objects.filter(zone=zone)


def record_of(zone: Zone, record_id: int) -> Record:
    """The record of this zone with this id, or NotFound."""
    record = records_of(zone).filter(pk=record_id).first()
    if record is None:
        raise NotFound
    return record
