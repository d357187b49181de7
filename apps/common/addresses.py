"""Addresses that people type: only to the open net, whatever they resolve to."""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 2000
PATIENCE = 3.0  # seconds for the name servers
INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")
lookup = socket.getaddrinfo
_resolvers = ThreadPoolExecutor(4, thread_name_prefix="resolve")


class NotOpen(ValueError):
    """Why an address may not be used; the text is for people who read logs, not for customers."""


def require_open(url: str) -> None:
    """NotOpen unless it is http or https, without a login in it, to a host all of whose addresses are public.

    A name that does not resolve from here passes: it leads nowhere from here. The operator excepts `host:port`s.
    """
    if len(url) > LONGEST or not url.isascii() or any(char.isspace() or not char.isprintable() for char in url):
        raise NotOpen("not an address")
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise NotOpen("not an address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or "\\" in url:
        raise NotOpen("not http or https, or with a login in it")
    if f"{parts.hostname}:{port}" not in settings.ADDRESS_EXCEPTIONS:
        _require_public(parts.hostname.rstrip("."))


def _require_public(host: str) -> None:
    if literal := _literal(host):
        found = [literal]
    elif "." not in host or f".{host}".endswith(INSIDE) or host.rsplit(".", 1)[-1].isdigit():
        raise NotOpen("a name of the inside, or a number that is no address")
    else:
        found = _resolved(host)
    if not all(_is_public(address) for address in found):
        raise NotOpen("an address that is not public")


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def _resolved(host: str) -> list[str]:
    try:
        rows = _resolvers.submit(lookup, host, None, type=socket.SOCK_STREAM).result(PATIENCE)
    except (OSError, UnicodeError, TookTooLong):
        return []
    return [str(row[4][0]).partition("%")[0] for row in rows]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.ip_address(int(found) & 0xFFFFFFFF).is_global
    return found.is_global and not found.is_multicast
