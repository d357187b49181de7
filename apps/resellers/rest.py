"""While the upstream is away nobody calls it but one probe; the row says until when."""

from datetime import datetime, timedelta

from apps.common import clock
from apps.resellers.errors import Unreachable
from apps.resellers.models import UpstreamAccount

SHORTEST, LONGEST = 1.0, 30.0
PROBE = timedelta(seconds=15)
THROTTLED = 5.0  # seconds, if the upstream does not say for how long


def refuse_while_resting(account: UpstreamAccount) -> None:
    """Unreachable at once, unless the rest is over and this caller is the one who probes."""
    if account.retry_at is None:
        return
    now = clock.now()
    if account.retry_at > now:
        raise Unreachable(retry_after=_whole(account.retry_at - now))
    probing = UpstreamAccount.objects.filter(pk=account.pk, retry_at=account.retry_at)
    if probing.update(retry_at=now + PROBE) != 1:
        raise Unreachable(retry_after=2)
    account.retry_at = now + PROBE


def note_away(account: UpstreamAccount, wait: float | None = None) -> Unreachable:
    """Write down that a call failed; the longer it lasts the longer the rest, 1 to 30 s. Gives the error to raise."""
    now = clock.now()
    since: datetime = account.unreachable_since or now
    seconds = wait or min(max((now - since).total_seconds() / 2, SHORTEST), LONGEST)
    rest = timedelta(seconds=seconds)
    UpstreamAccount.objects.filter(pk=account.pk).update(unreachable_since=since, retry_at=now + rest)
    return Unreachable(retry_after=_whole(rest))


def note_back(account: UpstreamAccount) -> None:
    """A call was answered: the rest is over."""
    if account.retry_at is not None:
        UpstreamAccount.objects.filter(pk=account.pk).update(unreachable_since=None, retry_at=None)
        account.retry_at = account.unreachable_since = None


def _whole(span: timedelta) -> int:
    return max(int(span.total_seconds()), 1)
