"""What an account's codes mean is learned, never guessed for good: by calibration, and by a guess that proved right."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from apps.common import clock
from apps.resellers.dialects import dialect_of
from apps.resellers.models import UpstreamAccount
from apps.upstream.calibration import calibrate
from apps.upstream.catalogue import COMMANDS
from apps.upstream.client import Upstream
from apps.upstream.errors import UpstreamError, UpstreamRefused

GUESS_AGAIN_AFTER = timedelta(minutes=10)
TOGETHER = timedelta(seconds=30)  # callers that were refused at the same time share one guess
CROSS_CHECKS = ("get_servers_status", "get_account")  # reads that name nothing


def learn_codes(account: UpstreamAccount) -> None:
    """Calibrate: remember which codes mean "session not valid" and "no such command" for this account."""
    try:
        learned = calibrate(Upstream(account.url, dialect_of(account)), account.session)
    except UpstreamError:
        return  # the next login, or the minute's round, tries again
    for name in ("session_ended", "unknown_command"):
        add_learned(account, name, *getattr(learned, name))
    account.calibrated_at = clock.now()
    account.save(update_fields=["calibrated_at"])


@transaction.atomic
def add_learned(account: UpstreamAccount, name: str, *codes: str) -> None:
    """Remember these codes beside those that are known."""
    row = UpstreamAccount.objects.select_for_update().get(pk=account.pk)
    known = set(row.learned.get(name, []))
    if set(codes) - known:
        row.learned = {**row.learned, name: sorted(known | set(codes))}
        row.save(update_fields=["learned"])
    account.learned = row.learned


def may_mean_expiry(account: UpstreamAccount, command: str, refusal: UpstreamRefused, number: int) -> bool:
    """Whether this refusal under session `number` may be taken for an ended session: once in ten minutes, together.

    Only an unknown code of a read that names no resource. A session that a machine cannot win again is given up
    only if another read is refused with the same code.
    """
    dialect = dialect_of(account)
    known = dialect.unknown_command | dialect.code_texts.keys()
    if COMMANDS[command].names_a_resource or refusal.code in known or not _may_guess(account, number):
        return False
    return account.second_factor == UpstreamAccount.SecondFactor.OFF or _another_says_so(account, command, refusal.code)


def _may_guess(account: UpstreamAccount, number: int) -> bool:
    """Asked in this order, for a renewal may end between two questions: then the last one says so."""
    now = clock.now()
    mine = UpstreamAccount.objects.filter(pk=account.pk)
    same = mine.filter(session_number=number)
    long_ago = Q(expiry_guessed_at=None) | Q(expiry_guessed_at__lt=now - GUESS_AGAIN_AFTER)
    if same.filter(long_ago).update(expiry_guessed_at=now) == 1:
        return True
    together = same.filter(expiry_guessed_at__gt=now - TOGETHER, expiry_guessed_at__gte=F("session_started_at"))
    return together.exists() or mine.filter(session_number__gt=number).exists()


def _another_says_so(account: UpstreamAccount, command: str, code: str) -> bool:
    other = next(name for name in CROSS_CHECKS if name != command)
    try:
        return Upstream(account.url, dialect_of(account)).probe(other, account.session) == code
    except UpstreamError:
        return False
