"""Contracts, their files, and what flows over them."""

import base64
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.parameters import whole
from sandbox.refusals import Refused
from sandbox.world import Account, Call

DAY = 86_400
PER_CPU, PER_GB_RAM, PER_GB_DISK = 5.0, 3.0, 0.1  # a day
MONTHS_BACK, MONTHLY = 3, 9_000.0


def get_contracts(call: Call) -> Any:
    """The one in use, and one that has ended."""
    rows = [
        _contract(call, call.account.contract, None),
        _contract(call, call.account.contract + 5000, call.world.began),
    ]
    return call.world.vary.listing("get_contracts", rows)


def _contract(call: Call, number: int, ended: float | None) -> dict[str, Any]:
    is_used = ended is None
    return {
        "id": number,
        "fid": number * 10,
        "template": 1 if is_used else 3,
        "default": int(number == (call.account.default_contract or call.account.contract)),
        "type": 2,
        "datestop": call.world.vary.date(ended),
        "num": f"{number}/26",
        "balance": _balance(call) if is_used else 0.0,
    }


def set_default_contract(call: Call) -> Any:
    call.account.default_contract = _number(call)
    return "ok"


def get_file(call: Call) -> Any:
    """The text of a contract, or a bill."""
    number = whole(call.given.get("fid"))
    of_contract = number in {call.account.contract * 10, (call.account.contract + 5000) * 10}
    if not of_contract and number not in {row["fid"] for row in _bills(call)}:
        raise Refused("no_such_object")
    body = base64.b64encode(f"{'Contract' if of_contract else 'Bill'} {number}\n".encode()).decode()
    name = f"{'contract' if of_contract else 'bill'}-{number}.txt"
    return call.world.vary.dress({"name": name, "mime": "text/plain", "body": body})


def get_balance(call: Call) -> Any:
    """It falls as time passes."""
    _number(call)
    cost, balance = _daily(call.account), _balance(call)
    left = int(balance / cost) if cost else None
    shown = {"balance": balance, "currency": "RUB", "daily_cost": round(cost, 2), "days_left": left}
    return call.world.vary.dress(shown)


def get_payments(call: Call) -> Any:
    return _within(
        call,
        "get_payments",
        [
            {"id": 100 + place, "date": day, "amount": MONTHLY, "method": "bank"}
            for place, day in enumerate(_months(call))
        ],
    )


def get_charges(call: Call) -> Any:
    """A line for each server and day of the last thirty."""
    today = datetime.fromtimestamp(call.now, UTC).date()
    rows = [
        {
            "id": server["id"] * 100_000 + day.toordinal() % 100_000,
            "date": day,
            "amount": round(price(server), 2),
            "serverid": server["id"],
            "what": "server",
        }
        for back in range(30, 0, -1)
        for day in (today - timedelta(days=back),)
        for server in call.account.servers.values()
        if server["datecreate"] < datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    ]
    return _within(call, "get_charges", rows)


def get_bills(call: Call) -> Any:
    _number(call)
    rows = [{**row, "date": _written(call, row["date"])} for row in _bills(call)]
    return call.world.vary.listing("get_bills", rows)


def price(server: dict[str, Any]) -> float:
    """What a server costs a day."""
    disks = sum(disk["size"] for disk in server["hdd_list"])
    return float(server["cpu"] * PER_CPU + float(server["ram"]) * PER_GB_RAM + disks * PER_GB_DISK)


def _daily(account: Account) -> float:
    return sum(price(server) for server in account.servers.values())


def _balance(call: Call) -> float:
    return round(call.account.balance - _daily(call.account) * (call.now - call.world.began) / DAY, 2)


def _bills(call: Call) -> list[dict[str, Any]]:
    first = call.account.contract * 1000
    return [
        {
            "id": first + n,
            "num": f"B-{first + n}",
            "date": day,
            "amount": MONTHLY,
            "paid": n < MONTHS_BACK - 1,
            "fid": first + n,
        }
        for n, day in enumerate(_months(call))
    ]


def _months(call: Call) -> list[date]:
    today = datetime.fromtimestamp(call.now, UTC).date().replace(day=1)
    months = []
    for _back in range(MONTHS_BACK):
        months.append(today)
        today = (today - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _number(call: Call) -> int:
    """The contract, if it is one of the account's; a foreign one looks exactly like a missing one."""
    number = whole(call.given.get("contract"))
    if number not in {call.account.contract, call.account.contract + 5000}:
        raise Refused("no_such_object")
    return number


def _within(call: Call, name: str, rows: list[dict[str, Any]]) -> Any:
    """Lines of the contract in use, from one day to another, both inclusive."""
    number = _number(call)
    start, end = (_day(call.given.get(key)) for key in ("from", "to"))
    kept = [row for row in rows if (start is None or row["date"] >= start) and (end is None or row["date"] <= end)]
    shown = [{**row, "date": _written(call, row["date"])} for row in kept] if number == call.account.contract else []
    return call.world.vary.listing(name, shown)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise Refused("bad_parameter") from None


def _written(call: Call, day: date) -> Any:
    return call.world.vary.date(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
