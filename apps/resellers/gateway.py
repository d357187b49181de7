"""The back gate: every call to the upstream goes through here, with the session of the reseller's account."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from apps.common import clock
from apps.resellers import learning, rest, session
from apps.resellers.coalescing import Coalescer
from apps.resellers.dialects import dialect_of
from apps.resellers.errors import AccountRefused, KeyNeeded, ReadRefused, Unreachable
from apps.resellers.models import UpstreamAccount
from apps.upstream import readers
from apps.upstream.catalogue import COMMANDS
from apps.upstream.client import Limits, Upstream
from apps.upstream.dialect import Dialect
from apps.upstream.errors import (
    UpstreamError,
    UpstreamGarbled,
    UpstreamRefused,
    UpstreamSessionEnded,
    UpstreamThrottled,
    UpstreamUnreachable,
)
from apps.upstream.values import JournalEntry, Power, RemoteServer, RemoteTemplate

__all__ = ["AccountRefused", "Gateway", "KeyNeeded", "ReadRefused", "Unreachable"]

JOURNAL = 100
STALE_CONNECTION = 1.0  # seconds: a kept connection that the other side had closed fails at once
RENEWING_DID_NOT_HELP = 600.0  # seconds in which a command that a new session did not cure causes no login
Value = TypeVar("Value")
_coalescer = Coalescer()
_uncured: dict[tuple[int, str], float] = {}
log = logging.getLogger(__name__)


class Gateway:
    """Calls in the name of one upstream account. Reads are coalesced and repeated once; changes never are."""

    def __init__(self, account: UpstreamAccount) -> None:
        self._account = account

    def read(self, command: str, *, fresh: bool = False, **parameters: Any) -> Any:
        """The `data` of a command that changes nothing.

        With `fresh`, of a call that begins after this one was made. Raises Unreachable, AccountRefused, KeyNeeded,
        ReadRefused: all are Unavailable.
        """
        if not COMMANDS[command].reads:
            raise ValueError(f"{command} changes something")
        key = (self._account.pk, command, tuple(sorted(parameters.items())))
        return _coalescer.read(key, lambda: self._read(command, parameters), fresh=fresh)

    def change(self, command: str, parameters: dict[str, Any], *, begin_before: float, deadline: float) -> Any:
        """The `data` of a command that changes something, sent at most once.

        Raises the plain UpstreamError, so that the caller sees whether it may have happened; and Unavailable
        before anything is sent. Past `begin_before` (time.monotonic) nothing is sent; `deadline` in seconds.
        """
        account = self._row()
        used = session.of(account)
        upstream = Upstream(account.url, dialect_of(account), Limits(total=deadline))
        try:
            answer = upstream.call(command, parameters, session=used.word, begin_before=begin_before)
        except UpstreamError as error:
            if isinstance(error, UpstreamSessionEnded):
                session.forget(account, used)
            self._note(account, error)
            raise
        rest.note_back(account)
        return answer

    def is_usable(self) -> bool:
        """Whether a call would be tried now: the account works, its session is there or can be won, nothing rests."""
        account, now = self._row(), clock.now()
        if account.state != UpstreamAccount.State.WORKING or (account.retry_at and account.retry_at > now):
            return False
        alive = bool(account.session and account.session_ends_at and account.session_ends_at > now)
        return alive or account.second_factor == UpstreamAccount.SecondFactor.OFF

    def statuses(self, *, fresh: bool = False) -> dict[str, Power]:
        """get_servers_status: upstream id → state, of all servers of the account."""
        return self.read_as(readers.read_statuses, "get_servers_status", fresh=fresh)

    def journal(self, *, fresh: bool = False) -> list[JournalEntry]:
        """get_logs: the newest hundred long tasks."""
        return self.read_as(readers.read_journal, "get_logs", fresh=fresh, count=JOURNAL)

    def servers(self, *, fresh: bool = False) -> list[RemoteServer]:
        """get_servers: all servers of the account."""
        return self.read_as(readers.read_servers, "get_servers", fresh=fresh)

    def templates(self, *, fresh: bool = False) -> list[RemoteTemplate]:
        """get_templates: all images of the account."""
        return self.read_as(readers.read_templates, "get_templates", fresh=fresh)

    def _row(self) -> UpstreamAccount:
        """As it is now, and a copy of its own for each call: threads may share a gateway."""
        return UpstreamAccount.objects.get(pk=self._account.pk)

    def _read(self, command: str, parameters: dict[str, Any]) -> Any:
        account = self._row()
        used = session.of(account)
        try:
            answer = self._once_or_twice(account, command, parameters, used)
        except UpstreamError as error:
            log.warning("account %s: %s", account.pk, error)
            raise self._note(account, error) from error
        rest.note_back(account)
        return answer

    def _note(self, account: UpstreamAccount, error: UpstreamError) -> Unreachable | ReadRefused:
        """Write down whether the upstream is there; the error for those above."""
        if isinstance(error, UpstreamRefused | UpstreamSessionEnded):
            rest.note_back(account)
            return ReadRefused(error.code)
        if isinstance(error, UpstreamUnreachable) and error.reason == "too late":
            return Unreachable()  # our own lateness says nothing of the upstream
        if isinstance(error, UpstreamThrottled):
            return rest.note_away(account, error.retry_after or rest.THROTTLED)
        return rest.note_away(account)

    def _once_or_twice(
        self, account: UpstreamAccount, command: str, parameters: dict[str, Any], used: session.Session
    ) -> Any:
        """Once; again after an ended session, a kept connection that was stale, or a guess that the session ended."""
        began = time.monotonic()
        try:
            return self._call(account, command, parameters, used)
        except UpstreamSessionEnded:
            if time.monotonic() < _uncured.get((account.pk, command), 0.0):
                raise
            return self._again(account, command, parameters, used)
        except UpstreamRefused as refusal:
            if not learning.may_mean_expiry(account, command, refusal, used.number):
                raise
            answer = self._again(account, command, parameters, used)
            learning.add_learned(account, "session_ended", refusal.code)
            return answer
        except UpstreamUnreachable as error:
            if not error.sent or time.monotonic() - began > STALE_CONNECTION:
                raise
            return self._call(account, command, parameters, used)

    def _again(self, account: UpstreamAccount, command: str, parameters: dict[str, Any], used: session.Session) -> Any:
        """With a newer session. If that does not cure it, the session was not the reason: no login for a while."""
        newer = session.renew(account, used.number)
        try:
            return self._call(account, command, parameters, newer)
        except UpstreamSessionEnded:
            _uncured[account.pk, command] = time.monotonic() + RENEWING_DID_NOT_HELP
            raise

    def _call(self, account: UpstreamAccount, command: str, parameters: dict[str, Any], used: session.Session) -> Any:
        return Upstream(account.url, dialect_of(account)).call(command, parameters, session=used.word)

    def read_as(
        self, reader: Callable[[Any, Dialect], Value], command: str, *, fresh: bool = False, **parameters: Any
    ) -> Value:
        """A read (as `read`) through a reader; an answer that cannot be read is Unreachable."""
        data = self.read(command, fresh=fresh, **parameters)
        try:
            return reader(data, dialect_of(self._account))
        except (UpstreamGarbled, KeyError, TypeError, ValueError) as error:
            log.warning("account %s: %s cannot be read: %s", self._account.pk, command, type(error).__name__)
            raise Unreachable from error
