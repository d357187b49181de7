"""Sessions are renewed before they end, or people are warned while there is time."""

from datetime import timedelta

from apps.common import clock
from apps.common.errors import Unavailable
from apps.resellers import rest, session, standing
from apps.resellers.models import UpstreamAccount

EARLY = timedelta(hours=1)
WARN = timedelta(hours=3)  # to fetch a phone or a token

State = UpstreamAccount.State


def keep_sessions() -> None:
    """Each minute, for every account that works and has a session."""
    now = clock.now()
    working = UpstreamAccount.objects.filter(state=State.WORKING, session_ends_at__lt=now + WARN).exclude(session="")
    for account in working:
        if account.second_factor != UpstreamAccount.SecondFactor.OFF:
            _warn_or_stop(account)
        elif account.session_ends_at and account.session_ends_at < now + EARLY:
            _renew(account)
    for account in UpstreamAccount.objects.filter(state=State.WORKING, calibrated_at=None).exclude(session=""):
        session.learn_codes(account)


def _renew(account: UpstreamAccount) -> None:
    """Callers go on with the old session until the new one is there. A failure is written in the row."""
    try:
        rest.refuse_while_resting(account)
        session.renew(account, account.session_number)
        rest.note_back(account)
    except Unavailable:
        return


def _warn_or_stop(account: UpstreamAccount) -> None:
    """Tell the reseller's people once a session that it will end; and that it has."""
    if account.session_ends_at and account.session_ends_at <= clock.now():
        standing.stop(account, State.KEY_NEEDED)
        return
    mine = UpstreamAccount.objects.filter(pk=account.pk, session_number=account.session_number)
    if mine.exclude(warned_of=account.session_number).update(warned_of=account.session_number) == 1:
        standing.tell(account, "upstream_account.ending")
