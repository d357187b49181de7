"""Names of the DNS: what people type becomes lower-case ASCII; what cannot be a name is refused."""

import re

import dns.exception
import dns.name
from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput

HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
NO_NAME = _("This is not a domain name.")


def ascii_name(given: object, field: str) -> str:
    """Any name, with IDN labels as xn--…, without the dot at the end; InvalidInput names the field."""
    if not isinstance(given, str) or not given.strip() or len(given) > 300:
        raise InvalidInput({field: [NO_NAME]})
    try:
        name = dns.name.from_text(given.strip(), idna_codec=dns.name.IDNA_2008_Practical).to_text(omit_final_dot=True)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        raise InvalidInput({field: [NO_NAME]}) from None
    return name.lower()


def zone_name(given: object) -> str:
    """A domain that can be a zone: at least two labels of letters, digits and hyphens, and no address."""
    name = ascii_name(given, "name")
    labels = name.split(".")
    if len(labels) < 2 or not all(HOST_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        raise InvalidInput({"name": [_("A zone is a domain as example.com: letters, digits and hyphens.")]})
    return name


def host_name(given: object, field: str) -> str:
    """A name of a machine, or one with underscores as services have."""
    name = ascii_name(given, field)
    if not all(LABEL.match(label) for label in name.split(".")) or name.split(".")[-1].isdigit():
        raise InvalidInput({field: [NO_NAME]})
    return name


def relative_name(given: object, zone: str) -> str:
    """A record's name within its zone: "@" for the zone itself; full names of the zone are shortened.

    A star may be the first label. A full name of another zone (with a dot at its end) is refused.
    """
    if given is None or (isinstance(given, str) and given.strip() in {"", "@"}):
        return "@"
    is_full = isinstance(given, str) and given.strip().endswith(".")
    name = ascii_name(given, "name")
    if name == zone:
        return "@"
    if name.endswith(f".{zone}"):
        name = name.removesuffix(f".{zone}")
    elif is_full:
        raise InvalidInput({"name": [_("This name is not in the zone.")]})
    labels = name.split(".")
    if not all(LABEL.match(label) for label in (labels[1:] if labels[0] == "*" else labels)):
        raise InvalidInput({"name": [_("A name has letters, digits, hyphens and underscores.")]})
    if len(name) + 1 + len(zone) > 253:
        raise InvalidInput({"name": [_("This name is too long.")]})
    return name


def full_name(name: str, zone: str) -> str:
    """The record's name with its zone."""
    return zone if name == "@" else f"{name}.{zone}"


def is_within(name: str, zone: str) -> bool:
    """Whether the name is the zone or below it."""
    return name == zone or name.endswith(f".{zone}")
