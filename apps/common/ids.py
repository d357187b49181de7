"""Ids that a person or a program may see: digits, in order of time, telling nothing about how many there are."""

import secrets
import threading
import time

EPOCH_MS = 1_767_225_600_000  # 2026-01-01 UTC
RANDOM_BITS = 14

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A positive integer below 2**53 (exact in JavaScript until 2043), greater than any made before in this process."""
    global _last  # noqa: PLW0603 - one counter a process is the point
    milliseconds = max(time.time_ns() // 1_000_000 - EPOCH_MS, 0)
    candidate = (milliseconds << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
    with _lock:
        _last = max(candidate, _last + 1)
        return _last
