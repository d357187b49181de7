"""Lists of zones, records, private networks and their like, as values. All of these fields are inferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamGarbled
from apps.upstream.readers import rows, text, whole


@dataclass(frozen=True, slots=True)
class RemoteZone:
    """A zone of get_dns_zones; `name` as the upstream writes it."""

    id: str
    name: str
    serial: str


@dataclass(frozen=True, slots=True)
class RemoteRecord:
    """A record of get_dns_records."""

    id: str
    name: str
    type: str
    value: str
    ttl: int | None
    priority: int | None


@dataclass(frozen=True, slots=True)
class RemoteNetwork:
    """A private network of get_vlans; `servers` are upstream ids."""

    id: str
    name: str
    servers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoteIso:
    """An image of get_isos; `owner` is "system" or the account's login; that the size is in MB is assumed too."""

    id: str
    name: str
    size_mb: int | None
    owner: str


def read_isos(data: Any, dialect: Dialect) -> list[RemoteIso]:
    """get_isos (inferred)."""
    return [
        RemoteIso(text(row["id"]), text(row.get("name")), whole(row.get("size")), text(row.get("owner")))
        for row in rows(data, "get_isos", "id", dialect)
    ]


def read_zones(data: Any, dialect: Dialect) -> list[RemoteZone]:
    """get_dns_zones (inferred)."""
    found = rows(data, "get_dns_zones", "zid", dialect)
    return [RemoteZone(text(row["zid"]), text(row.get("zone")), text(row.get("serial"))) for row in found]


def read_records(data: Any, dialect: Dialect) -> list[RemoteRecord]:
    """get_dns_records (inferred)."""
    return [
        RemoteRecord(
            id=text(row["rid"]),
            name=text(row.get("name")),
            type=text(row.get("type")).upper(),
            value=text(row.get("value")),
            ttl=whole(row.get("ttl")),
            priority=whole(row.get("prio")),
        )
        for row in rows(data, "get_dns_records", "rid", dialect)
    ]


def read_networks(data: Any, dialect: Dialect) -> list[RemoteNetwork]:
    """get_vlans (inferred): the servers as a list of ids, of objects with one, or as text with commas."""
    found = rows(data, "get_vlans", "id", dialect)
    return [RemoteNetwork(text(row["id"]), text(row.get("name")), _ids(row.get("servers"))) for row in found]


def read_counters(data: Any, dialect: Dialect) -> dict[str, float]:
    """get_stat_data (the parameters documented, the mapping path → value inferred); what is no number is left out."""
    if not isinstance(data, Mapping):
        raise UpstreamGarbled("get_stat_data", f"a mapping was expected, not {type(data).__name__}")
    found = {str(path): _counter(value) for path, value in data.items()}
    return {path: value for path, value in found.items() if value is not None}


def _counter(value: Any) -> float | None:
    """Counters grow beyond what sizes may be."""
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else -1.0
    except ValueError:
        return None
    return found if 0 <= found < 2**62 else None


def _ids(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.strip("[]").replace('"', "").split(",")
    if isinstance(value, Mapping):
        value = list(value)
    if not isinstance(value, list):
        return ()
    ids = (text(item.get("id")) if isinstance(item, Mapping) else text(item).strip() for item in value)
    return tuple(id_ for id_ in ids if id_)
