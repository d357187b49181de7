"""Everything about the upstream that its vendor has not published; overridable in a file, and per account.

session_ended: ["0027"]                 # lists of codes are extended; write codes in quotes
code_texts: {"0031": "not enough balance"}
server_states: {"7": busy}              # off, on, paused, busy, archived, unknown
journal_states: {"3": not_done}         # running, done, not_done, unknown
field_names: {get_servers: {server_name: title}}   # our name: the upstream's
date_formats: ["%d.%m.%Y %H:%M"]        # tried before ISO 8601 and Unix seconds
time_zone: Europe/Moscow                # of dates that name none
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import ZoneInfo

import yaml

WORDS = {
    "server_states": frozenset({"off", "on", "paused", "busy", "archived", "unknown"}),
    "journal_states": frozenset({"running", "done", "not_done", "unknown"}),
}
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "get_servers": frozenset(
            {"id", "server_name", "status", "cpu", "cputype", "ram", "hdd_list", "hddid", "size", "type", "eth_list"}
            | {"ethid", "mac", "ip", "vlan", "state", "template", "iso", "contract", "preset", "datecreate"}
        ),
        "get_servers_status": frozenset({"id", "status"}),
        "get_logs": frozenset({"id", "datepost", "datecommit", "cmd", "status", "serverid"}),
        "get_templates": frozenset({"id", "name", "os", "min_hdd", "owner"}),
        "get_presets": frozenset({"id", "name", "cpu", "cputype", "ram", "hdd", "price"}),
        "get_account": frozenset({"login", "name", "email", "phone", "twofactorauth"}),
    }
)
ZONE_KEY = "time_zone"


class DialectError(ValueError):
    """An override that cannot be used; the text names the key."""


def _table(**words: str) -> Mapping[str, Any]:
    return MappingProxyType(words)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Assumptions of this project, not the vendor's word. Codes are learned by calibration or told in a file."""

    session_ended: frozenset[str] = frozenset()
    unknown_command: frozenset[str] = frozenset()
    throttled: frozenset[str] = frozenset()
    code_texts: Mapping[str, str] = field(default_factory=_table)
    server_states: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"0": "off", "1": "on", "2": "paused", "3": "busy", "4": "archived"})
    )
    journal_states: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"0": "running", "1": "done", "2": "not_done"})
    )
    field_names: Mapping[str, Mapping[str, str]] = field(default_factory=_table)
    date_formats: tuple[str, ...] = ()
    time_zone: str = "Europe/Moscow"

    def renamed(self, command: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """A row of this command's answer under the names that the readers know."""
        names = self.field_names.get(command, {})
        return {**row, **{ours: row[theirs] for ours, theirs in names.items() if theirs in row}} if names else row

    def merged(self, overrides: Mapping[str, Any]) -> Self:
        """This dialect with some entries replaced (lists of codes and tables are extended). DialectError names the key."""
        names = {item.name for item in fields(self)}
        if unknown := sorted(str(key) for key in set(overrides) - names):
            raise DialectError(f"the dialect has no {', '.join(unknown)}; it has {', '.join(sorted(names))}")
        return replace(self, **{name: self._value(name, value) for name, value in overrides.items()})

    def _value(self, name: str, value: Any) -> Any:
        now = getattr(self, name)
        if isinstance(now, frozenset):
            return now | set(_texts(name, value))
        if isinstance(now, tuple):
            return tuple(_texts(name, value))
        if isinstance(now, Mapping):
            if not isinstance(value, Mapping):
                raise DialectError(f"{name} must be a table")
            return MappingProxyType({**now, **_entries(name, value)})
        return _zone(value)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """The default dialect with what a YAML file says instead."""
        try:
            given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (yaml.YAMLError, OSError, UnicodeDecodeError) as exc:
            raise DialectError(f"{path} cannot be read: {exc}") from exc
        if not isinstance(given, Mapping | None):
            raise DialectError(f"{path} must hold a table")
        return cls().merged(given or {})


def _texts(name: str, value: Any) -> Iterable[str]:
    """A list of texts. A number is refused: YAML reads 0027 as 23."""
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise DialectError(f"{name} must be a list")
    found = list(value)
    for item in found:
        if not isinstance(item, str):
            raise DialectError(f"{name}: write {item!r} in quotes")
    return found


def _entries(name: str, value: Mapping[Any, Any]) -> dict[str, Any]:
    if name == "field_names":
        return {str(shape): _names(str(shape), names) for shape, names in value.items()}
    if name in WORDS:
        return {str(key).lower(): _word(name, key, word) for key, word in value.items()}
    for key in [*value, *value.values()]:
        if not isinstance(key, str):
            raise DialectError(f"{name}: write {key!r} in quotes")
    return dict(value)


def _word(name: str, key: Any, word: Any) -> str:
    """One of the words for a state; YAML's own reading of `on` and `off` is undone."""
    said = {True: "on", False: "off"}[word] if isinstance(word, bool) else str(word)
    if isinstance(key, bool) or said not in WORDS[name]:
        raise DialectError(f"{name}: {key!r}: {said!r} must be one of {', '.join(sorted(WORDS[name]))}")
    return said


def _names(shape: str, names: Any) -> Mapping[str, str]:
    known = FIELDS.get(shape)
    if known is None or not isinstance(names, Mapping):
        raise DialectError(f"field_names: {shape} must be a table, and one of {', '.join(sorted(FIELDS))}")
    for ours, theirs in names.items():
        if ours not in known or not isinstance(theirs, str):
            raise DialectError(f"field_names: {shape}: {ours!r} must be one of {', '.join(sorted(known))}, with a text")
    return MappingProxyType(dict(names))


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, TypeError, OSError) as exc:
        raise DialectError(f"{ZONE_KEY}: {value!r} is no time zone") from exc
