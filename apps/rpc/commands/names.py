"""DNS and private networks."""

from collections.abc import Mapping
from typing import Any

from apps.common.errors import NotFound
from apps.dns import selectors as dns
from apps.dns.models import Zone
from apps.dns.services import records, reverse, sync, zones
from apps.networks import selectors as networks
from apps.networks.services import networks as changing
from apps.rpc.handlers import Caller, Handler, id_of, settled

FIELDS = {"name": "name", "type": "type", "value": "value", "ttl": "ttl", "prio": "priority"}


def get_dns_zones(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = dns.zones_for(caller.actor).filter(gone_at=None).order_by("pk")
    return [{"zid": str(zone.pk), "zone": zone.name, "serial": zone.serial} for zone in rows]


def add_dns_zone(caller: Caller, given: Mapping[str, Any]) -> str:
    return str(settled(zones.add_zone(caller.actor, given["zone"])).subject_id)


def del_dns_zone(caller: Caller, given: Mapping[str, Any]) -> str:
    """By number, or by name."""
    settled(zones.remove_zone(caller.actor, _zone(caller, given)))
    return "ok"


def _zone(caller: Caller, given: Mapping[str, Any]) -> Zone:
    """Hidden, missing and gone are alike."""
    rows = dns.zones_for(caller.actor).filter(gone_at=None).select_related("account", "customer")
    if "zid" in given:
        found = rows.filter(pk=id_of(given["zid"])).first()
    else:
        found = rows.filter(name=str(given.get("zone", "")).lower().rstrip(".")).first()
    if found is None:
        raise NotFound
    return found


def get_dns_records(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    zone = _zone(caller, given)
    sync.look(zone)
    return [
        {"rid": str(row.pk), **{theirs: getattr(row, ours) for theirs, ours in FIELDS.items()}}
        for row in dns.records_of(zone).order_by("pk")
    ]


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    return {ours: given[theirs] for theirs, ours in FIELDS.items() if theirs in given}


def add_dns_record(caller: Caller, given: Mapping[str, Any]) -> str:
    return str(settled(records.add_record(caller.actor, _zone(caller, given), _content(given))).subject_id)


def update_dns_record(caller: Caller, given: Mapping[str, Any]) -> str:
    zone = _zone(caller, given)
    record = dns.record_of(zone, id_of(given["rid"]))
    record.zone = zone
    settled(records.change_record(caller.actor, record, _content(given)))
    return "ok"


def del_dns_record(caller: Caller, given: Mapping[str, Any]) -> str:
    zone = _zone(caller, given)
    record = dns.record_of(zone, id_of(given["rid"]))
    record.zone = zone
    settled(records.remove_record(caller.actor, record))
    return "ok"


def set_ptr(caller: Caller, given: Mapping[str, Any]) -> str:
    settled(reverse.set_reverse_name(caller.actor, given["ip"], given["name"]))
    return "ok"


def get_vlans(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = list(networks.networks_for(caller.actor).filter(gone_at=None).order_by("pk"))
    servers = networks.servers_in(caller.actor, rows)
    return [
        {"id": str(row.pk), "name": row.name, "servers": [str(number) for number in servers[row.pk]]} for row in rows
    ]


def add_vlan(caller: Caller, given: Mapping[str, Any]) -> str:
    return str(settled(changing.add_network(caller.actor, given["name"])).subject_id)


def update_vlan(caller: Caller, given: Mapping[str, Any]) -> str:
    network = networks.network_for(caller.actor, id_of(given["vlan"]))
    settled(changing.rename_network(caller.actor, network, given["name"]))
    return "ok"


def del_vlan(caller: Caller, given: Mapping[str, Any]) -> str:
    settled(changing.remove_network(caller.actor, networks.network_for(caller.actor, id_of(given["vlan"]))))
    return "ok"


HANDLERS: Mapping[str, Handler] = {
    "get_dns_zones": get_dns_zones,
    "add_dns_zone": add_dns_zone,
    "del_dns_zone": del_dns_zone,
    "get_dns_records": get_dns_records,
    "add_dns_record": add_dns_record,
    "update_dns_record": update_dns_record,
    "del_dns_record": del_dns_record,
    "set_ptr": set_ptr,
    "get_vlans": get_vlans,
    "add_vlan": add_vlan,
    "update_vlan": update_vlan,
    "del_vlan": del_vlan,
}
