"""One session an account, in its row, shared by all processes; renewed once, however many notice that it has ended."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.common import clock, leases
from apps.resellers import rest, standing
from apps.resellers.coalescing import Coalescer
from apps.resellers.dialects import dialect_of
from apps.resellers.errors import AccountRefused, KeyNeeded, Unreachable
from apps.resellers.learning import learn_codes
from apps.resellers.models import UpstreamAccount
from apps.upstream.client import Upstream
from apps.upstream.errors import UpstreamError, UpstreamRefused, UpstreamThrottled

__all__ = ["Session", "current", "forget", "keep", "learn_codes", "of", "renew"]

LIVES = timedelta(hours=24)
LEASE = 20  # seconds; a login takes at most 12
PATIENCE = 15.0  # seconds that a caller waits for somebody else's renewal

State = UpstreamAccount.State
_renewals = Coalescer()


@dataclass(frozen=True, slots=True)
class Session:
    """The word, and how many logins came before it: so a caller says which one it found dead."""

    word: str = field(repr=False)
    number: int


def current(account: UpstreamAccount) -> Session:
    """The session to use now, and `account` as it is now."""
    account.refresh_from_db()
    return of(account)


def of(account: UpstreamAccount) -> Session:
    """The session of a row that was just read; wins one if there is none or its day is over.

    Raises AccountRefused, KeyNeeded, and Unreachable: at once while the upstream rests.
    """
    standing.refuse_if_stopped(account)
    rest.refuse_while_resting(account)
    if account.session and account.session_ends_at and account.session_ends_at > clock.now():
        return Session(account.session, account.session_number)
    return renew(account, account.session_number)


def renew(account: UpstreamAccount, dead: int) -> Session:
    """A session newer than number `dead`: the one that somebody won meanwhile, or a new one.

    One login at a time: threads of this process share one wait, processes the row's lease. Refreshes `account`.
    """
    known = account.retry_at
    won: Session = _renewals.read((account.pk, dead), lambda: _renew(account.pk, dead, known))
    account.refresh_from_db()
    return won


def _renew(account_id: int, dead: int, known: datetime | None) -> Session:
    for pause in _pauses():
        account = UpstreamAccount.objects.get(pk=account_id)
        if newer := _newer(account, dead, known):
            return newer
        _refuse_if_a_person_must(account)
        if word := leases.take(account, "login", LEASE):
            try:
                account.refresh_from_db()
                return _newer(account, dead, known) or _log_in(account)
            finally:
                leases.give_back(account, "login", word)
        time.sleep(pause)
    raise Unreachable


def _pauses() -> Iterator[float]:
    """Short at first, up to half a second, with jitter; PATIENCE together."""
    until, pause = time.monotonic() + PATIENCE, 0.05
    while time.monotonic() < until:
        yield random.uniform(pause / 2, pause)  # noqa: S311
        pause = min(pause * 1.5, 0.5)


def _newer(account: UpstreamAccount, dead: int, known: datetime | None) -> Session | None:
    """What somebody won meanwhile; or the error that somebody met meanwhile, so that nobody tries it again."""
    standing.refuse_if_stopped(account)
    if account.session and account.session_number > dead:
        return Session(account.session, account.session_number)
    if account.retry_at is not None and account.retry_at != known and account.retry_at > clock.now():
        raise Unreachable(retry_after=2)
    return None


def _refuse_if_a_person_must(account: UpstreamAccount) -> None:
    if account.second_factor != UpstreamAccount.SecondFactor.OFF:
        standing.stop(account, State.KEY_NEEDED)
        raise KeyNeeded


def _log_in(account: UpstreamAccount) -> Session:
    """Under the lease: one login. A refusal stops the account; whatever else goes wrong is the upstream's absence."""
    upstream = Upstream(account.url, dialect_of(account))
    began = clock.now()
    try:
        won = upstream.log_in(account.login, account.password)
    except UpstreamThrottled as error:
        raise rest.note_away(account, error.retry_after or rest.THROTTLED) from error
    except UpstreamRefused as refusal:
        if not standing.stop(account, State.REFUSED, refusal.code):
            raise Unreachable(retry_after=1) from None  # a new password came meanwhile
        raise AccountRefused from None
    except UpstreamError as error:
        raise rest.note_away(account) from error
    keep(account, won.session, began)
    if account.calibrated_at is None:
        learn_codes(account)
    return Session(account.session, account.session_number)


def keep(account: UpstreamAccount, word: str, began: datetime) -> None:
    """Write down a session that was just won, by a machine or by a person with a key."""
    stopped = account.state != State.WORKING
    account.session, account.session_number = word, account.session_number + 1
    account.session_started_at, account.session_ends_at = began, began + LIVES
    columns = ["session", "session_number", "session_started_at", "session_ends_at"]
    if stopped:
        account.state, account.state_code, account.state_since = State.WORKING, "", began
        columns += ["state", "state_code", "state_since"]
    account.save(update_fields=columns)
    if stopped:
        standing.tell(account, "upstream_account.working")


def forget(account: UpstreamAccount, dead: Session) -> None:
    """This session is not valid any more: the next call wins another. A newer one stays."""
    rows = UpstreamAccount.objects.filter(pk=account.pk, session_number=dead.number)
    rows.update(session_ends_at=account.session_started_at)
