"""The dialect of an account: the default, the operator's file, the account's own, and what was learned."""

import logging
from pathlib import Path

from django.conf import settings

from apps.resellers.models import UpstreamAccount
from apps.upstream.dialect import Dialect, DialectError

log = logging.getLogger(__name__)
_read: dict[str, tuple[float, Dialect]] = {}  # by path: when the file was changed, and what it said


def dialect_of(account: UpstreamAccount) -> Dialect:
    """The operator's file is read again when it changes; DialectError or OSError if it never could be used."""
    path = settings.UPSTREAM_DIALECT
    base = _from_file(path) if path else Dialect()
    return base.merged(account.dialect).merged(account.learned)


def _from_file(path: str) -> Dialect:
    """What the file says now; if it is being edited or spoilt, what it said before."""
    known = _read.get(path)
    try:
        changed_at = Path(path).stat().st_mtime
        if known is None or known[0] != changed_at:
            known = _read[path] = (changed_at, Dialect.from_file(path))
    except (OSError, DialectError) as exc:
        if known is None:
            raise
        log.error("The dialect file cannot be used, the last good one stays: %s", exc)
    return known[1]
