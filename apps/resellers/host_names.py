"""Host names in their plain form, and what this process remembers of them for a few seconds."""

import time
from typing import Any

KEPT = 5.0  # seconds
LONGEST_MEMORY = 10_000
_memory: dict[str, tuple[float, Any]] = {}


def plain(host: str) -> str:
    """Lower case, no dot at the end, and what is not ASCII as browsers send it."""
    name = host.strip().lower().rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def remembered(host: str) -> tuple[Any] | None:
    """What stands for this host, in a tuple of one; None if it must be looked up."""
    kept = _memory.get(host)
    return (kept[1],) if kept is not None and kept[0] > time.monotonic() else None


def remember(host: str, found: Any) -> None:
    """For a few seconds. Strangers' hosts do not fill the memory."""
    if len(_memory) >= LONGEST_MEMORY:
        _memory.clear()
    _memory[host] = (time.monotonic() + KEPT, found)


def forget() -> None:
    """Something has changed in this process; others notice within seconds."""
    _memory.clear()
