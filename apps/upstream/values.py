"""Answers as frozen values. Sizes in GB as the upstream counts them; times are aware, UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Power(StrEnum):
    """A server's state; a word that the dialect does not know is UNKNOWN."""

    OFF = "off"
    ON = "on"
    PAUSED = "paused"
    BUSY = "busy"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"


class JournalState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RemoteDisk:
    id: str
    size_gb: int
    type: str


@dataclass(frozen=True, slots=True)
class RemoteInterface:
    id: str
    mac: str
    ip: str
    network: str
    state: str


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server as get_servers reported it at one moment (fields inferred)."""

    id: str
    name: str
    power: Power
    cpu: int | None
    cputype: str
    ram_gb: Decimal | None
    disks: tuple[RemoteDisk, ...]
    interfaces: tuple[RemoteInterface, ...]
    template: str
    iso: str
    contract: str
    preset: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One long task as get_logs reported it (documented); `command` is the upstream's word."""

    id: str
    command: str
    state: JournalState
    server_id: str
    posted_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteTemplate:
    """An image of get_templates (inferred); `owner` is "system" or the account's login."""

    id: str
    name: str
    os: str
    min_disk_gb: int
    owner: str


@dataclass(frozen=True, slots=True)
class RemotePreset:
    """A configuration of get_presets (name documented, fields inferred); `price` per month, `disk_gb` one disk."""

    id: str
    name: str
    cpu: int | None
    cputype: str
    ram_gb: Decimal | None
    disk_gb: int | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """The account of get_account (inferred); `second_factor` is off, sms, etoken, or unknown."""

    login: str
    name: str
    email: str
    phone: str
    second_factor: str


@dataclass(frozen=True, slots=True)
class LoginResult:
    """An answer of login (documented): the session (never in its repr), and the account's own name."""

    session: str = field(repr=False)
    login: str
