"""Contracts and what flows over them, as values. get_contracts is documented but for the balance; the rest is inferred."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamGarbled
from apps.upstream.readers import moment, number, rows, text, truth, whole

KINDS = {"0": "service", "1": "partner", "2": "agency", "3": "testing"}


@dataclass(frozen=True, slots=True)
class RemoteContract:
    """A contract of get_contracts; `kind` is service, partner, agency, testing or unknown."""

    id: str
    number: str
    file_id: str
    kind: str
    is_default: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of get_file."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RemoteBalance:
    """What get_balance says of a contract."""

    balance: Decimal | None
    currency: str
    daily_cost: Decimal | None
    days_left: int | None


@dataclass(frozen=True, slots=True)
class RemoteLine:
    """A payment, a charge or a bill; what one of them does not have is empty."""

    id: str
    at: datetime | None
    amount: Decimal | None
    what: str = ""  # method of a payment, subject of a charge, number of a bill
    server_id: str = ""
    is_paid: bool | None = None
    file_id: str = ""


def read_contracts(data: Any, dialect: Dialect) -> list[RemoteContract]:
    """get_contracts (documented): terminated ones too."""
    return [
        RemoteContract(
            id=text(row["id"]),
            number=text(row.get("num")),
            file_id=text(row.get("fid")),
            kind=KINDS.get(text(row.get("template")), "unknown"),
            is_default=truth(row.get("default")) is True,
            ended_at=moment(row.get("datestop"), dialect),
        )
        for row in rows(data, "get_contracts", "id", dialect)
    ]


def read_file(data: Any, dialect: Dialect) -> RemoteFile:
    """get_file (name documented, fields inferred)."""
    row = dialect.renamed("get_file", data) if isinstance(data, Mapping) else {}
    try:
        content = base64.b64decode(str(row["body"]), validate=True)
    except (KeyError, binascii.Error, ValueError):
        raise UpstreamGarbled("get_file", "a file without a body") from None
    return RemoteFile(text(row.get("name")) or "file", text(row.get("mime")), content)


def read_balance(data: Any, dialect: Dialect) -> RemoteBalance:
    """get_balance (inferred): one object with at least a balance."""
    row = dialect.renamed("get_balance", data) if isinstance(data, Mapping) else {}
    if number(row.get("balance")) is None:
        raise UpstreamGarbled("get_balance", "no balance")
    return RemoteBalance(
        balance=number(row.get("balance")),
        currency=text(row.get("currency"))[:8],
        daily_cost=number(row.get("daily_cost")),
        days_left=whole(row.get("days_left")),
    )


def read_payments(data: Any, dialect: Dialect) -> list[RemoteLine]:
    """get_payments (inferred)."""
    return [_line(row, dialect, "method") for row in rows(data, "get_payments", "id", dialect)]


def read_charges(data: Any, dialect: Dialect) -> list[RemoteLine]:
    """get_charges (inferred)."""
    return [_line(row, dialect, "what") for row in rows(data, "get_charges", "id", dialect)]


def read_bills(data: Any, dialect: Dialect) -> list[RemoteLine]:
    """get_bills (inferred)."""
    return [_line(row, dialect, "num") for row in rows(data, "get_bills", "id", dialect)]


def _line(row: Mapping[str, Any], dialect: Dialect, what: str) -> RemoteLine:
    return RemoteLine(
        id=text(row["id"]),
        at=moment(row.get("date"), dialect),
        amount=number(row.get("amount")),
        what=text(row.get(what)),
        server_id=text(row.get("serverid")),
        is_paid=truth(row.get("paid")),
        file_id=text(row.get("fid")),
    )
