"""Comparing an account's answers with the catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.resellers import session
from apps.resellers.dialects import dialect_of
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream import readers
from apps.upstream.catalogue import COMMANDS, Command, Resource
from apps.upstream.client import Upstream
from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamError, UpstreamGarbled, UpstreamRefused

READERS: dict[str, Any] = {
    "get_servers": readers.read_servers,
    "get_servers_status": readers.read_statuses,
    "get_logs": readers.read_journal,
    "get_templates": lambda data, _dialect: readers.read_templates(data),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One command: answered, other shape, refused, unknown command, no answer, or not tried and why."""

    command: str
    outcome: str
    detail: str = ""


def check(account: UpstreamAccount) -> Iterator[Row]:
    """Log in (or use the shared session), calibrate, and run each command that only reads."""
    Gateway(account).statuses(fresh=True)  # an ended session is noticed and renewed here, as for everybody
    used = session.current(account)
    if account.calibrated_at is None:
        session.learn_codes(account)
    dialect = dialect_of(account)
    upstream = Upstream(account.url, dialect)
    server = _first_server(upstream, used.word, dialect)
    for command in COMMANDS.values():
        if command.reads:
            yield _try(upstream, used.word, command, server, dialect)


def _first_server(upstream: Upstream, word: str, dialect: Dialect) -> str | None:
    try:
        servers = readers.read_servers(upstream.call("get_servers", {}, session=word), dialect)
    except UpstreamError:
        return None
    return servers[0].id if servers else None


def _try(upstream: Upstream, word: str, command: Command, server: str | None, dialect: Dialect) -> Row:
    parameters: dict[str, Any] = {}
    for parameter in command.parameters:
        if not parameter.required:
            continue
        if parameter.names is not Resource.SERVER or parameter.name != "id" or server is None:
            return Row(command.name, "not tried", f"needs {parameter.name}")
        parameters[parameter.name] = server
    try:
        data = upstream.call(command.name, parameters, session=word)
    except UpstreamRefused as refusal:
        is_unknown = refusal.code in dialect.unknown_command
        return Row(command.name, "unknown command" if is_unknown else "refused", refusal.code)
    except UpstreamError as error:
        return Row(command.name, "no answer", type(error).__name__)
    return _shape(command, data, dialect)


def _shape(command: Command, data: Any, dialect: Dialect) -> Row:
    reader = READERS.get(command.name)
    if reader is None:
        return Row(command.name, "answered", type(data).__name__)
    try:
        found = reader(data, dialect)
    except (UpstreamGarbled, KeyError, TypeError, ValueError) as exc:
        return Row(command.name, "other shape", str(exc)[:80])
    unknown = sum("unknown" in {str(getattr(item, "power", "")), str(getattr(item, "state", ""))} for item in found)
    return Row(
        command.name, "answered", f"{len(found)} read" + (f", {unknown} in a state unknown to us" if unknown else "")
    )
