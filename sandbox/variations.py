"""What the vendor leaves open varies by the seed; seed 0 is the plain set, written out below."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

MEANINGS = (
    "session_invalid",  # 0021 at seed 0, and so on
    "session_expired",
    "unknown_command",
    "bad_parameter",
    "no_such_object",  # missing, or of another account
    "wrong_state",
    "no_funds",
    "bad_login",
    "key_needed",
    "key_too_soon",
    "key_wrong",
    "disk_too_small",
    "throttled",
    "key_expired",  # older than its 15 minutes, or tried three times
    "exists_already",
    "in_use",
)
PLAIN_CODES = {meaning: f"{number:04d}" for number, meaning in enumerate(MEANINGS, start=21)}
NEVER_SEEN = "9999"  # no seed gives this code a meaning
MOSCOW = timezone(timedelta(hours=3))
KEYS = {  # listings that come as a list or as a mapping, and what a mapping's key is
    "get_servers": "id",
    "get_servers_status": "id",
    "get_logs": "id",
    "get_templates": "id",
    "get_isos": "id",
    "get_presets": "id",
    "hdd_list": "hddid",
    "eth_list": "ethid",
    "get_dns_zones": "zid",
    "get_dns_records": "rid",
    "get_vlans": "id",
    "get_contracts": "id",
    "get_payments": "id",
    "get_charges": "id",
    "get_bills": "id",
}
T = TypeVar("T")


@dataclass(frozen=True)
class Variations:
    """One reading of everything that is left open. The defaults are seed 0."""

    codes: dict[str, str]
    mappings: frozenset[str] = frozenset()
    status_rows: bool = False  # a mapping of statuses holds objects, not bare statuses
    numbers_as_strings: bool = False
    ids_as_strings: bool = True  # the id that a task's command answers with
    success: tuple[Any, Any] = (True, False)
    extra_fields: bool = False
    nothing: Any = None  # how an absent value is written
    null_when_empty: bool = False  # an empty listing is null
    bom: bool = False
    clone_names_copy: bool = False  # the journal's serverid of a clone
    longest_lag: float = 0.0  # seconds until an entry appears in the journal
    longest_late: float = 0.0  # seconds after a cut until the command is accepted after all
    dates: str = "moscow"  # or iso, unix
    newest_first: bool = True

    @classmethod
    def of(cls, seed: int) -> "Variations":
        if seed == 0:
            return cls(codes=dict(PLAIN_CODES))
        both = (False, True)
        return cls(
            codes=_codes(seed),
            mappings=frozenset(name for name in KEYS if _pick(seed, f"mapping {name}", both)),
            status_rows=_pick(seed, "status rows", both),
            numbers_as_strings=_pick(seed, "numbers", both),
            ids_as_strings=_pick(seed, "ids", both),
            success=_pick(seed, "success", ((True, False), (1, 0), ("true", "false"), ("1", "0"))),
            extra_fields=_pick(seed, "extra", both),
            nothing=_pick(seed, "nothing", (None, "")),
            null_when_empty=_pick(seed, "empty", both),
            bom=_pick(seed, "bom", both),
            clone_names_copy=_pick(seed, "clone", both),
            longest_lag=_pick(seed, "lag", (0.0, 2.0, 5.0, 8.0)),
            longest_late=_pick(seed, "late", (0.0, 1.0, 3.0)),
            dates=_pick(seed, "dates", ("moscow", "iso", "unix")),
            newest_first=_pick(seed, "order", both),
        )

    def date(self, moment: float | None) -> Any:
        """Unix seconds in the seed's way of writing dates."""
        if moment is None:
            return None
        if self.dates == "unix":
            return int(moment)
        if self.dates == "iso":
            return datetime.fromtimestamp(int(moment), UTC).isoformat()
        return datetime.fromtimestamp(moment, MOSCOW).strftime("%Y-%m-%d %H:%M:%S")

    def listing(self, name: str, rows: list[dict[str, Any]]) -> Any:
        """A list, or a mapping by id, with the seed's typing."""
        dressed = [self.dress(row) for row in rows]
        if not dressed:
            return None if self.null_when_empty else []
        if name not in self.mappings:
            return dressed
        keyed = {str(row[KEYS[name]]): row for row in dressed}
        if name == "get_servers_status" and not self.status_rows:
            return {key: row["status"] for key, row in keyed.items()}
        return keyed

    def dress(self, value: Any) -> Any:
        """The seed's typing, all the way down; lists of disks and interfaces in their shape."""
        if isinstance(value, dict):
            typed = {name: self._part(name, part) for name, part in value.items()}
            return (
                {**typed, "rev": self.number(3), "note": None, "beta": self.success[1]} if self.extra_fields else typed
            )
        return self.nothing if value is None else self.number(value)

    def _part(self, name: str, part: Any) -> Any:
        return self.listing(name, part) if isinstance(part, list) else self.dress(part)

    def number(self, value: Any) -> Any:
        return str(value) if self.numbers_as_strings and type(value) in {int, float} else value

    def new_id(self, value: int) -> int | str:
        return str(value) if self.ids_as_strings else value


def _pick(seed: int, name: str, options: Sequence[T]) -> T:
    """One of the options, independent of other names; each block of as many seeds as options has every one of them."""
    block, place = divmod(seed, len(options))
    return random.Random(f"{name} {block}").sample(options, len(options))[place]


def _codes(seed: int) -> dict[str, str]:
    """Every meaning has a code of its own: an expired session has another than a senseless one."""
    numbers = random.Random(f"codes {seed}").sample(range(1, 9999), len(MEANINGS))
    return {meaning: f"{number:04d}" for meaning, number in zip(MEANINGS, numbers, strict=True)}
