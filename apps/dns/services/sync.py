"""Zones and records of an upstream account become our rows: one list of zones an account, one of records a zone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.common import clock
from apps.common.errors import InvalidInput, Unavailable
from apps.common.queue import send
from apps.dns.models import Record, Zone
from apps.dns.names import ascii_name
from apps.dns.values import as_kept
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.listings import RemoteRecord, RemoteZone, read_records, read_zones

EVERY = 60  # seconds
RECORDS_EVERY = timedelta(minutes=10)
STALE = timedelta(seconds=15)
VANISHED_AFTER = timedelta(seconds=15)


def ask_where_due() -> None:
    """Ask workers for the zones of each account, and for the records of zones that are due."""
    rounds.ask_where_due("dns.sync", EVERY)
    now = clock.now()
    old = Q(records_seen_at=None) | Q(records_seen_at__lt=now - RECORDS_EVERY) | Q(records_due_at__lte=now)
    zones = Zone.objects.filter(old, gone_at=None).exclude(customer=None).exclude(upstream_id=None)
    for zone_id in zones.values_list("pk", flat=True)[:200]:
        send("dns.sync_records", zone_id, expires=10)


def look(zone: Zone) -> None:
    """Somebody looks at the zone's records: refresh them if they are old."""
    if zone.upstream_id and (zone.records_seen_at is None or zone.records_seen_at < clock.now() - STALE):
        send("dns.sync_records", zone.pk, expires=10)


def sync(account_id: int) -> None:
    """Refresh the zones of one account (get_dns_zones)."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    began = clock.now()
    try:
        listed = Gateway(account).read_as(read_zones, "get_dns_zones")
    except Unavailable:
        return
    _write_zones(account, listed, began)


def plain(name: str) -> str:
    """A zone's name in our way of writing."""
    try:
        return ascii_name(name, "name")
    except InvalidInput:
        return name.strip().rstrip(".").lower()[:253]


@transaction.atomic
def _write_zones(account: UpstreamAccount, listed: list[RemoteZone], began: datetime) -> None:
    known = {zone.upstream_id: zone for zone in Zone.objects.filter(account=account).exclude(upstream_id=None)}
    pending = {zone.name: zone for zone in Zone.objects.filter(account=account, upstream_id=None, gone_at=None)}
    for remote in listed:
        name = plain(remote.name)
        zone = known.get(remote.id) or pending.get(name) or Zone(account=account, reseller_id=account.reseller_id)
        zone.upstream_id, zone.name, zone.serial = remote.id, name, remote.serial[:20]
        zone.seen_at, zone.gone_at = began, None
        zone.save()
    missing = Zone.objects.filter(account=account, gone_at=None).exclude(upstream_id=None)
    missing = missing.exclude(upstream_id__in=[remote.id for remote in listed])
    missing.filter(Q(seen_at__lt=began - VANISHED_AFTER) | Q(seen_at=None)).update(gone_at=began)


def sync_records(zone_id: int) -> None:
    """Refresh the records of one zone (get_dns_records)."""
    zone = Zone.objects.select_related("account").filter(pk=zone_id, gone_at=None).exclude(upstream_id=None).first()
    if zone is None:
        return
    began = clock.now()
    try:
        listed = Gateway(zone.account).read_as(read_records, "get_dns_records", zid=zone.upstream_id)
    except Unavailable:
        return
    _write_records(zone, listed, began)


@transaction.atomic
def _write_records(zone: Zone, listed: list[RemoteRecord], began: datetime) -> None:
    known = {record.upstream_id: record for record in Record.objects.select_for_update().filter(zone=zone)}
    for remote in listed:
        record = known.get(remote.id) or Record(zone=zone, upstream_id=remote.id, seen_at=began - STALE)
        if record.seen_at < began:  # what was written since is newer than this list
            for name, value in {**content(remote, zone), "seen_at": began}.items():
                setattr(record, name, value)
            record.save()
    Record.objects.filter(zone=zone, seen_at__lt=began).delete()
    Zone.objects.filter(pk=zone.pk).update(records_seen_at=began, records_due_at=None)


def content(remote: RemoteRecord, zone: Zone) -> dict[str, object]:
    """A record of the upstream's in our way of writing."""
    name = plain(remote.name) if remote.name not in {"", "@"} else "@"
    if name == zone.name:
        name = "@"
    return {
        "name": name.removesuffix(f".{zone.name}"),
        "type": remote.type[:8],
        "value": as_kept(remote.type, remote.value),
        "ttl": remote.ttl,
        "priority": remote.priority if remote.type in {"MX", "SRV"} else None,
    }
