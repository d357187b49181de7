"""Whose forwarded headers count: those of the proxies that the operator listed, and nobody else's."""

import ipaddress
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def believe_trusted(meta: MutableMapping[str, Any]) -> None:
    """Put the visitor's address, scheme and host in their places, if the connection comes from a trusted proxy."""
    forwarded = {name: str(meta.pop(f"HTTP_X_FORWARDED_{name}", "")) for name in ("FOR", "PROTO", "HOST")}
    if not is_trusted(_address(str(meta.get("REMOTE_ADDR", "")))):
        return
    if visitor := _visitor(forwarded["FOR"]):
        meta["REMOTE_ADDR"] = visitor
    if (scheme := _last(forwarded["PROTO"]).lower()) in {"http", "https"}:
        meta["wsgi.url_scheme"] = scheme
    if host := _last(forwarded["HOST"]):
        meta["HTTP_HOST"] = host


def _last(listed: str) -> str:
    """What the nearest proxy wrote; anybody may have written what stands before it."""
    return listed.rpartition(",")[2].strip()


def _visitor(hops: str) -> str | None:
    """From the nearest proxy outwards: the first address that is not a trusted proxy's; None if that is no address."""
    address = None
    for hop in reversed(hops.split(",")):
        address = _address(hop)
        if not is_trusted(address):
            break
    return str(address) if address else None


def _address(written: str) -> Address | None:
    """An address, perhaps with a port; an IPv4 address that is written as IPv6 is the IPv4 address."""
    written = written.strip()
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def is_trusted(address: Address | None) -> bool:
    """Whether the operator listed this address, or a network that holds it."""
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=4)
def _networks(listed: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(entry, strict=False) for entry in listed)
    except ValueError as exc:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES holds addresses and networks like 10.0.0.0/8: {exc}") from exc
