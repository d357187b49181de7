"""Changing what the portal knows of an upstream account."""

from django.db import transaction

from apps.resellers import standing
from apps.resellers.models import UpstreamAccount

ADDRESS = ("url", "login", "second_factor")
STANDING = ("state", "state_code", "state_since", "retry_at", "unreachable_since")
OF_THE_ADDRESS = ("session", "session_ends_at", "learned", "calibrated_at", "expiry_guessed_at", "warned_of")


def set_address(account: UpstreamAccount, *, url: str, login: str, second_factor: str) -> bool:
    """Where and as whom the account signs in; True if that changed.

    Another URL or login is another account: session, learned codes and standing were the old one's.
    """
    now = dict(zip(ADDRESS, (url, login, second_factor), strict=True))
    changed = {name for name, value in now.items() if getattr(account, name) != value}
    if not changed:
        return False
    for name, value in now.items():
        setattr(account, name, value)
    if changed & {"url", "login"}:
        account.session, account.session_ends_at, account.learned, account.calibrated_at = "", None, {}, None
        account.expiry_guessed_at, account.warned_of = None, 0
    account.state, account.state_code, account.state_since = UpstreamAccount.State.WORKING, "", None
    account.retry_at = account.unreachable_since = None
    if not account._state.adding:
        account.save(update_fields=[*ADDRESS, *STANDING, *OF_THE_ADDRESS])
    return True


@transaction.atomic
def set_password(account: UpstreamAccount, password: str) -> None:
    """A new password: the refusal of the old one is forgotten, and the next call logs in with it.

    A session that only a person with a key can win is kept: it does not end with the password.
    """
    was_refused = account.state == UpstreamAccount.State.REFUSED
    account.password, columns = password, ["password", "applied_password", *ADDRESS, *STANDING]
    if was_refused:
        account.state, account.state_code, account.state_since = UpstreamAccount.State.WORKING, "", None
    if account.second_factor == UpstreamAccount.SecondFactor.OFF:
        account.session, account.session_ends_at = "", None
        columns += ["session", "session_ends_at"]
    account.retry_at = account.unreachable_since = None
    account.save(update_fields=None if account._state.adding else columns)
    if was_refused:
        standing.tell(account, "upstream_account.working")
