"""Values of records, judged as the DNS would; what is kept and compared is one way of writing each."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput
from apps.dns.models import Record
from apps.dns.names import host_name

Type = Record.Type
LONGEST_TEXT = 4000  # octets of a TXT record
CHUNK = 255  # octets of one of its strings
PRIORITY = frozenset({Type.MX, Type.SRV})
TTL = (60, 604_800)
CAA = re.compile(r'(\d{1,3})\s+(issue|issuewild|iodef)\s+"?([\x21\x23-\x7e ]{0,255}?)"?\Z', re.IGNORECASE)
SRV = re.compile(r"(\d{1,5})\s+(\d{1,5})\s+(\S{1,253})\Z")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _wrong(text: Any) -> InvalidInput:
    return InvalidInput({"value": [text]})


def _address(version: int) -> Callable[[str], str]:
    def read(given: str) -> str:
        try:
            address = ipaddress.ip_address(given)
        except ValueError:
            address = None
        if address is None or address.version != version:
            raise _wrong(_("This is not an IPv4 address.") if version == 4 else _("This is not an IPv6 address."))
        return str(address)

    return read


def _target(given: str) -> str:
    return host_name(given, "value")


def _text(given: str) -> str:
    """One text, however it was quoted or cut into strings."""
    whole = QUOTED.findall(given) if given.startswith('"') and given.endswith('"') and len(given) > 1 else None
    plain = "".join(re.sub(r"\\(.)", r"\1", part) for part in whole) if whole else given
    if not plain or len(plain.encode()) > LONGEST_TEXT or any(ord(char) < 32 or ord(char) == 127 for char in plain):
        raise _wrong(_("A text has 1 to 4,000 octets without control characters."))
    return plain


def _service(given: str) -> str:
    found = SRV.match(given)
    if not found or int(found[1]) > 65_535 or int(found[2]) > 65_535:
        raise _wrong(_("Give weight, port and target, as: 10 5060 sip.example.com"))
    target = "." if found[3] == "." else host_name(found[3], "value")
    return f"{int(found[1])} {int(found[2])} {target}"


def _authority(given: str) -> str:
    found = CAA.match(given)
    if not found or int(found[1]) > 255:
        raise _wrong(_('Give flags, tag and value, as: 0 issue "ca.example"'))
    return f'{int(found[1])} {found[2].lower()} "{found[3].strip()}"'


READERS: Mapping[str, Callable[[str], str]] = {
    Type.A: _address(4),
    Type.AAAA: _address(6),
    Type.CNAME: _target,
    Type.NS: _target,
    Type.MX: _target,
    Type.TXT: _text,
    Type.SRV: _service,
    Type.CAA: _authority,
}


def record_type(given: object) -> str:
    """One of the types that are served, or InvalidInput."""
    word = given.strip().upper() if isinstance(given, str) else ""
    if word not in READERS:
        raise InvalidInput({"type": [_("A type is one of A, AAAA, CNAME, MX, TXT, NS, SRV, CAA.")]})
    return word


def value_of(type_: str, given: object) -> str:
    """The value in its one way of writing, or InvalidInput."""
    if not isinstance(given, str) or not given.strip():
        raise _wrong(_("Give a value."))
    return READERS[type_](given.strip())


def as_sent(type_: str, value: str) -> str:
    """A text of more than 255 octets travels as strings of at most so many, as a zone file writes it."""
    octets = value.encode()
    if type_ != Type.TXT or len(octets) <= CHUNK:
        return value
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in _cut(value))


def _cut(value: str) -> list[str]:
    """Parts of at most 255 octets each, no letter broken."""
    parts, part = [], ""
    for char in value:
        if len((part + char).encode()) > CHUNK:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def as_kept(type_: str, value: str) -> str:
    """How a value of the upstream's is kept: in our way of writing if it can be read, else as it is."""
    try:
        return value_of(type_, value) if type_ in READERS else value
    except InvalidInput:
        return value


def number_of(given: object, field: str, least: int, most: int) -> int | None:
    """A whole number within bounds, or None where none was given."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | str) or not re.fullmatch(r"\d{1,10}", str(given)):
        raise InvalidInput({field: [_("This is not a whole number.")]})
    if not least <= int(given) <= most:
        raise InvalidInput({field: [str(_("A number from {least} to {most}.")).format(least=least, most=most)]})
    return int(given)


def priority_of(type_: str, given: object) -> int | None:
    """MX and SRV need a priority; the others have none."""
    number = number_of(given, "priority", 0, 65_535)
    if type_ in PRIORITY and number is None:
        raise InvalidInput({"priority": [_("Give a priority, as 10.")]})
    if type_ not in PRIORITY and number is not None:
        raise InvalidInput({"priority": [_("Only MX and SRV have a priority.")]})
    return number
