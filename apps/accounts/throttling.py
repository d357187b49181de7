"""Sign-in is slowed by address, and by address and account together: never by account alone.

So whoever hammers somebody's account locks out nobody but themselves.
"""

from hashlib import sha256

from django.core.cache import cache

BY_ADDRESS = (50, 300)  # failures, seconds
BY_PAIR = (8, 300)


def _keys(address: str, account: str) -> tuple[tuple[str, int, int], ...]:
    pair = sha256(f"{address}\n{account.lower()}".encode("utf-8", "replace")).hexdigest()
    return (f"signin:address:{address}", *BY_ADDRESS), (f"signin:pair:{pair}", *BY_PAIR)


def is_slowed(address: str, account: str) -> bool:
    """Whether a try from here at this account must wait."""
    return any((cache.get(key) or 0) >= limit for key, limit, _seconds in _keys(address, account))


def note_failure(address: str, account: str) -> None:
    """One more try that failed."""
    for key, _limit, seconds in _keys(address, account):
        if not cache.add(key, 1, seconds):
            cache.incr(key)


def note_success(address: str, account: str) -> None:
    """The pair is forgiven; the address is not, for one good account must not wash many tries."""
    cache.delete(_keys(address, account)[1][0])
