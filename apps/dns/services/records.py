"""Records: added, changed, removed; and what would take over a neighbour's names, refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import InvalidInput, NotFound, PortalError, Text
from apps.common.ids import new_id
from apps.dns.models import Record, Zone
from apps.dns.names import full_name, is_within, relative_name
from apps.dns.permissions import WHO_MAY
from apps.dns.services.sync import content
from apps.dns.services.zones import require_there
from apps.dns.values import TTL, as_sent, number_of, priority_of, record_type, value_of
from apps.resellers.gateway import Gateway
from apps.upstream.listings import RemoteRecord, read_records
from apps.writes.deeds import Deed, Happened, Look, made, removed
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send

FIELDS = ("name", "type", "value", "ttl", "priority")
Content = dict[str, Any]


class RecordClash(PortalError):
    code, status = "record_clash", 409
    message = _("This cannot stand beside the records that are there: the same twice, or an alias beside others.")


class NameTaken(PortalError):
    code, status = "name_taken", 409
    message = _("This name belongs to another zone that is served here.")


def add_record(actor: Actor, zone: Zone, given: Mapping[str, Any], *, key: Key | None = None) -> Write:
    """A new record (add_dns_record, inferred); `given` as in the REST contract."""
    acting.require(actor, WHO_MAY["change_records"], zone.customer_id)
    wanted = _read(zone, given)
    if found := made_before(actor, key):
        return again(found)
    require_there(zone)
    _refuse_takeover(zone, wanted)
    listed = _listed(zone, Gateway(zone.account))
    _refuse_clash(wanted, listed.values())
    return send(actor, _change("add_dns_record", zone, new_id(), wanted, sorted(listed)), key)


def change_record(actor: Actor, record: Record, given: Mapping[str, Any], *, key: Key | None = None) -> Write:
    """Some of its fields changed (update_dns_record, inferred)."""
    zone = record.zone
    acting.require(actor, WHO_MAY["change_records"], zone.customer_id)
    until_now = {name: getattr(record, name) for name in FIELDS}
    if given.get("type", record.type) not in {"MX", "SRV"}:
        until_now["priority"] = None
    wanted = _read(zone, {**until_now, **given})
    if found := made_before(actor, key):
        return again(found)
    require_there(zone)
    _refuse_takeover(zone, wanted)
    listed = _listed(zone, Gateway(zone.account))
    if record.upstream_id not in listed:
        raise NotFound
    _refuse_clash(wanted, (other for id_, other in listed.items() if id_ != record.upstream_id))
    return send(actor, _change("update_dns_record", zone, record.pk, wanted, [], rid=record.upstream_id), key)


def remove_record(actor: Actor, record: Record, *, key: Key | None = None) -> Write:
    """Gone (del_dns_record, inferred)."""
    zone = record.zone
    acting.require(actor, WHO_MAY["change_records"], zone.customer_id)
    if found := made_before(actor, key):
        return again(found)
    require_there(zone)
    facts = {name: getattr(record, name) for name in FIELDS} | {"zone": zone.pk}
    parameters = {"zid": zone.upstream_id, "rid": record.upstream_id}
    change = Change("del_dns_record", zone.account, zone.customer_id, "record", record.pk, parameters, facts)
    return send(actor, change, key)


def _read(zone: Zone, given: Mapping[str, Any]) -> Content:
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in given if name not in FIELDS}
    if surplus:
        raise InvalidInput(surplus)
    type_ = record_type(given.get("type"))
    wanted = {
        "name": relative_name(given.get("name"), zone.name),
        "type": type_,
        "value": value_of(type_, given.get("value")),
        "ttl": number_of(given.get("ttl"), "ttl", *TTL),
        "priority": priority_of(type_, given.get("priority")),
    }
    if type_ == "CNAME" and wanted["name"] == "@":
        raise InvalidInput({"name": [_("The zone itself cannot be an alias: other records must stand there.")]})
    return wanted


def _refuse_takeover(zone: Zone, wanted: Content) -> None:
    """A name in a zone below that is another customer's."""
    name = full_name(wanted["name"], zone.name)
    below = Zone.objects.filter(gone_at=None, name__endswith=f".{zone.name}").exclude(customer=None)
    others = below.exclude(customer=zone.customer).values_list("name", flat=True)
    if any(is_within(name, other) for other in others):
        raise NameTaken


def _refuse_clash(wanted: Content, others: Any) -> None:
    """The same content twice; an alias beside anything, or anything beside an alias."""
    for other in others:
        if other["name"] != wanted["name"]:
            continue
        same = all(other[name] == wanted[name] for name in ("type", "value"))
        if same or "CNAME" in {other["type"], wanted["type"]}:
            raise RecordClash


def _change(command: str, zone: Zone, id_: int, wanted: Content, seen: list[str], **more: Any) -> Change:
    parameters = {
        "zid": zone.upstream_id,
        **more,
        "name": wanted["name"],
        "type": wanted["type"],
        "value": as_sent(wanted["type"], wanted["value"]),
        "ttl": wanted["ttl"],
        "prio": wanted["priority"],
    }
    sent = {name: value for name, value in parameters.items() if value is not None}
    facts = {**wanted, "zone": zone.pk}
    return Change(command, zone.account, zone.customer_id, "record", id_, sent, facts, seen)


def _listed(zone: Zone, gateway: Gateway) -> dict[str, Content]:
    """The zone's records as of now, by upstream id."""
    found: list[RemoteRecord] = gateway.read_as(read_records, "get_dns_records", fresh=True, zid=str(zone.upstream_id))
    return {remote.id: content(remote, zone) for remote in found}


def _of(write: Write, gateway: Gateway) -> dict[str, Content]:
    return _listed(Zone.objects.get(pk=write.facts["zone"]), gateway)


def _is(wanted: Content, other: Content) -> bool:
    """The same record; a time to live that was not asked for is the upstream's own."""
    alike = all(other[name] == wanted[name] for name in ("name", "type", "value"))
    return alike and wanted["ttl"] in {None, other["ttl"]} and wanted["priority"] in {None, other["priority"]}


def _find_added(write: Write, gateway: Gateway) -> Happened | Look:
    fresh = ((id_, other) for id_, other in _of(write, gateway).items() if id_ not in write.seen_before)
    return made({id_: _is(write.facts, other) for id_, other in fresh}, True)


def _find_changed(write: Write, gateway: Gateway) -> Happened | Look:
    other = _of(write, gateway).get(write.parameters["rid"])
    return Happened() if other is not None and _is(write.facts, other) else Look.ABSENT


def _find_removed(write: Write, gateway: Gateway) -> Happened | Look:
    return removed(_of(write, gateway), write.parameters["rid"])


def _columns(write: Write) -> Content:
    columns = {name: write.facts[name] for name in FIELDS}
    if columns["ttl"] is None:
        del columns["ttl"]
    return columns | {"seen_at": clock.now()}


def _added(write: Write, upstream_id: str) -> None:
    """Our id for it was promised with the order; a refresh that saw it first gives way."""
    zone_id = write.facts["zone"]
    Record.objects.filter(zone_id=zone_id, upstream_id=upstream_id).exclude(pk=write.subject_id).delete()
    Record.objects.create(pk=write.subject_id, zone_id=zone_id, upstream_id=upstream_id, **_columns(write))
    _again_soon(zone_id)


def _changed(write: Write, _upstream_id: str) -> None:
    Record.objects.filter(pk=write.subject_id).update(**_columns(write))
    _again_soon(write.facts["zone"])


def _removed(write: Write, _upstream_id: str) -> None:
    Record.objects.filter(pk=write.subject_id).delete()
    _again_soon(write.facts["zone"])


def _again_soon(zone_id: int) -> None:
    Zone.objects.filter(pk=zone_id).update(records_due_at=clock.now())


DEEDS = (
    Deed("add_dns_record", "added", _find_added, _added, makes=True),
    Deed("update_dns_record", "changed", _find_changed, _changed),
    Deed("del_dns_record", "removed", _find_removed, _removed),
)
