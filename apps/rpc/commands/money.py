"""Contracts and finance: what is mapped to the caller's customers."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from datetime import date as day
from typing import Any

from apps.billing.models import Line
from apps.billing.selectors import contract_for, contracts_for, lines_for
from apps.billing.services.files import fetch
from apps.rpc.handlers import Caller, Handler, date, id_of

KINDS = {"service": "0", "partner": "1", "agency": "2", "testing": "3"}


def get_contracts(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = contracts_for(caller.actor).prefetch_related("files__lines").order_by("pk")
    return [
        {
            "id": str(row.pk),
            "fid": next((str(file.pk) for file in row.files.all() if not file.lines.all()), None),
            "template": KINDS.get(row.kind),
            "default": "1" if place == 0 else "0",
            "type": None,
            "datestop": date(row.ended_at),
            "num": row.number,
            "balance": _money(row.balance),
        }
        for place, row in enumerate(rows)
    ]


def get_file(caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    file = fetch(caller.actor, id_of(given["fid"]))
    return {"name": file.name, "mime": file.mime, "body": base64.b64encode(file.content).decode()}


def get_balance(caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    row = contract_for(caller.actor, id_of(given["contract"]))
    costs = {"daily_cost": _money(row.daily_cost), "days_left": row.days_left}
    return {"balance": _money(row.balance), "currency": row.currency, **costs}


def _lines(caller: Caller, given: Mapping[str, Any], kind: Line.Kind) -> list[Line]:
    """From one day to another, both inclusive."""
    contract = contract_for(caller.actor, id_of(given["contract"]))
    rows = lines_for(caller.actor, kind).filter(contract=contract)
    if since := given.get("from"):
        rows = rows.filter(at__gte=datetime.combine(day.fromisoformat(str(since)), time(), UTC))
    if until := given.get("to"):
        rows = rows.filter(at__lt=datetime.combine(day.fromisoformat(str(until)), time(), UTC) + timedelta(days=1))
    return list(rows.order_by("at", "pk"))


def get_payments(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _lines(caller, given, Line.Kind.PAYMENT)
    return [{**_line(row), "method": row.what} for row in rows]


def get_charges(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _lines(caller, given, Line.Kind.CHARGE)
    return [{**_line(row), "serverid": str(row.server_id or ""), "what": row.what} for row in rows]


def get_bills(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _lines(caller, given, Line.Kind.BILL)
    return [
        {**_line(row), "num": row.what, "paid": row.is_paid, "fid": str(row.file_id) if row.file_id else None}
        for row in rows
    ]


def _line(row: Line) -> dict[str, Any]:
    return {"id": str(row.pk), "date": date(row.at), "amount": _money(row.amount)}


def _money(value: Any) -> float | None:
    return float(value) if value is not None else None


HANDLERS: Mapping[str, Handler] = {
    "get_contracts": get_contracts,
    "get_file": get_file,
    "get_balance": get_balance,
    "get_payments": get_payments,
    "get_charges": get_charges,
    "get_bills": get_bills,
}
