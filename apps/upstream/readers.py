"""Answers in every tolerated shape become values; anything else is UpstreamGarbled.

Tolerated: a list of objects or a mapping by id, or either as JSON in a string; numbers as strings; booleans as 0, 1,
"true"; null; extra fields. Field names are those of the vendor where documented (get_logs), else this project's
assumption, which the dialect's `field_names` overrides.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamGarbled
from apps.upstream.values import (
    JournalEntry,
    JournalState,
    Power,
    RemoteAccount,
    RemoteDisk,
    RemoteInterface,
    RemotePreset,
    RemoteServer,
    RemoteTemplate,
)

MICRO = Decimal("0.000001")
BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def read_servers(data: Any, dialect: Dialect) -> list[RemoteServer]:
    """get_servers (inferred): all servers of the account."""
    return [_server(row, dialect) for row in rows(data, "get_servers", "id", dialect)]


def _server(row: Mapping[str, Any], dialect: Dialect) -> RemoteServer:
    disks = rows(row.get("hdd_list") or [], "get_servers", "hddid", dialect)
    interfaces = rows(row.get("eth_list") or [], "get_servers", "ethid", dialect)
    return RemoteServer(
        id=text(row["id"]),
        name=text(row.get("server_name")),
        power=power(row.get("status"), dialect),
        cpu=whole(row.get("cpu")),
        cputype=text(row.get("cputype")),
        ram_gb=number(row.get("ram")),
        disks=tuple(RemoteDisk(text(d["hddid"]), whole(d.get("size")) or 0, text(d.get("type"))) for d in disks),
        interfaces=tuple(
            RemoteInterface(
                text(i["ethid"]), text(i.get("mac")), text(i.get("ip")), text(i.get("vlan")), text(i.get("state"))
            )
            for i in interfaces
        ),
        template=text(row.get("template")),
        iso=text(row.get("iso")),
        contract=text(row.get("contract")),
        preset=text(row.get("preset")),
        created_at=moment(row.get("datecreate"), dialect),
    )


def read_statuses(data: Any, dialect: Dialect) -> dict[str, Power]:
    """get_servers_status (name documented, fields inferred): id → state."""
    data = _unpacked(data)
    if isinstance(data, Mapping) and not any(isinstance(value, Mapping | list) for value in data.values()):
        return {text(id_): power(value, dialect) for id_, value in data.items()}
    found = rows(data, "get_servers_status", "id", dialect)
    return {text(row["id"]): power(row.get("status"), dialect) for row in found}


def power(value: Any, dialect: Dialect) -> Power:
    """The dialect's word for a state; unknown ones are UNKNOWN, never an error."""
    word = dialect.server_states.get(text(value).strip().lower(), "unknown")
    return Power(word) if word in set(Power) else Power.UNKNOWN


def read_journal(data: Any, dialect: Dialect) -> list[JournalEntry]:
    """get_logs (documented): the newest long tasks, in the order given, which the vendor leaves open."""
    return [_entry(row, dialect) for row in rows(data, "get_logs", "id", dialect)]


def _entry(row: Mapping[str, Any], dialect: Dialect) -> JournalEntry:
    word = dialect.journal_states.get(text(row.get("status")).strip().lower(), "unknown")
    return JournalEntry(
        id=text(row["id"]),
        command=text(row.get("cmd")),
        state=JournalState(word) if word in set(JournalState) else JournalState.UNKNOWN,
        server_id=text(row.get("serverid")),
        posted_at=moment(row.get("datepost"), dialect),
        finished_at=moment(row.get("datecommit"), dialect),
    )


def read_templates(data: Any, dialect: Dialect | None = None) -> list[RemoteTemplate]:
    """get_templates (inferred)."""
    return [
        RemoteTemplate(
            id=text(row["id"]),
            name=text(row.get("name")),
            os=text(row.get("os")),
            min_disk_gb=whole(row.get("min_hdd")) or 0,
            owner=text(row.get("owner")),
        )
        for row in rows(data, "get_templates", "id", dialect or Dialect())
    ]


def read_presets(data: Any, dialect: Dialect) -> list[RemotePreset]:
    """get_presets (name documented, fields inferred)."""
    return [
        RemotePreset(
            id=text(row["id"]),
            name=text(row.get("name")),
            cpu=whole(row.get("cpu")),
            cputype=text(row.get("cputype")),
            ram_gb=number(row.get("ram")),
            disk_gb=whole(row.get("hdd")),
            price=number(row.get("price")),
        )
        for row in rows(data, "get_presets", "id", dialect)
    ]


def read_account(data: Any, dialect: Dialect) -> RemoteAccount:
    """get_account (inferred): one object with at least a login."""
    found = _unpacked(data)
    row = dialect.renamed("get_account", found) if isinstance(found, Mapping) else {}
    if not text(row.get("login")):
        raise UpstreamGarbled("get_account", "an account without a login")
    factor = text(row.get("twofactorauth")).strip().lower()
    return RemoteAccount(
        login=text(row["login"]),
        name=text(row.get("name")),
        email=text(row.get("email")),
        phone=text(row.get("phone")),
        second_factor=factor if factor in {"off", "sms", "etoken"} else "unknown",
    )


def read_new_id(data: Any, command: str = "clone_server") -> str:
    """The id of what a command made: a bare string or number, or an object with `id`, `zid`, `rid` or `pid`."""
    named = (data[name] for name in ("id", "zid", "rid", "pid") if name in data) if isinstance(data, Mapping) else ()
    value = next(iter(named), None) if isinstance(data, Mapping) else data
    if isinstance(value, bool) or not isinstance(value, str | int) or not text(value):
        raise UpstreamGarbled(command, "an answer without an id")
    return text(value)


def rows(data: Any, command: str, id_name: str, dialect: Dialect) -> list[Mapping[str, Any]]:
    """A list of objects, or a mapping by id, as a list of objects that have their id, under the catalogue's names."""
    data = _unpacked(data)
    if data is None:
        return []
    if isinstance(data, Mapping):
        data = [_with_id(row, id_name, key) for key, row in data.items()]
    if not isinstance(data, Iterable) or isinstance(data, str):
        raise UpstreamGarbled(command, f"a list was expected, not {type(data).__name__}")
    found = [dialect.renamed(command, row) if isinstance(row, Mapping) else row for row in data]
    if not all(isinstance(row, Mapping) and text(row.get(id_name)) for row in found):
        raise UpstreamGarbled(command, f"a row without {id_name}")
    return found


def _with_id(row: Any, id_name: str, key: Any) -> Any:
    return {**row, id_name: text(row.get(id_name)) or key} if isinstance(row, Mapping) else row


def _unpacked(data: Any) -> Any:
    """The vendor documents arrays as "string": JSON in a string is what it holds; another string is itself."""
    if not isinstance(data, str) or data.lstrip()[:1] not in {"[", "{"}:
        return data
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data


def truth(value: Any) -> bool | None:
    """A boolean, also as 0, 1 or a word; None for what is none of these."""
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())


def text(value: Any) -> str:
    """A string without control characters and marks that turn the direction of writing; null is empty."""
    if value is None or isinstance(value, bool | Mapping | list):
        return ""
    kept = str(value).translate(BIDI)
    return "".join(char for char in kept if unicodedata.category(char) not in {"Cc", "Cs"})


def whole(value: Any) -> int | None:
    """A number without its fraction, or None."""
    found = number(value)
    return int(found) if found is not None else None


def number(value: Any) -> Decimal | None:
    """A number, perhaps written as a string; what is none is null, not an error."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= 10**9:
        return None
    exponent = found.as_tuple().exponent
    return found.quantize(MICRO) if isinstance(exponent, int) and exponent < -6 else found


def moment(value: Any, dialect: Dialect) -> datetime | None:
    """In one of the dialect's `date_formats`, as ISO 8601, or as Unix seconds, UTC; what is none of these is null."""
    written = text(value).strip()
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", written):
            return datetime.fromtimestamp(float(written), UTC)
        found = _dated(written, dialect)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(dialect.time_zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _dated(written: str, dialect: Dialect) -> datetime:
    for form in dialect.date_formats:
        with suppress(ValueError):
            return datetime.strptime(written, form)  # noqa: DTZ007  (the caller gives it the dialect's zone)
    return datetime.fromisoformat(written)
