"""An account's standing: working, refused, or waiting for a key. Each change is told once."""

from django.db import transaction

from apps.common import clock
from apps.events.services import record
from apps.resellers.errors import AccountRefused, KeyNeeded
from apps.resellers.models import UpstreamAccount

State = UpstreamAccount.State


def refuse_if_stopped(account: UpstreamAccount) -> None:
    """AccountRefused or KeyNeeded unless the account works."""
    if account.state == State.REFUSED:
        raise AccountRefused
    if account.state == State.KEY_NEEDED:
        raise KeyNeeded


@transaction.atomic
def stop(account: UpstreamAccount, state: State, code: str = "") -> bool:
    """Mark the account and tell the reseller's people, once.

    False, and nothing is marked, if the account was changed meanwhile: another password, or a newer session.
    """
    row = UpstreamAccount.objects.select_for_update().get(pk=account.pk)
    if row.password != account.password or row.session_number != account.session_number:
        return False
    if row.state == State.WORKING:
        row.state, row.state_code, row.state_since = state, code[:16], clock.now()
        row.save(update_fields=["state", "state_code", "state_since"])
        tell(row, f"upstream_account.{state}")
    return True


def tell(account: UpstreamAccount, kind: str) -> None:
    """An event for the reseller's people."""
    record(
        kind,
        reseller_id=account.reseller_id,
        subject_kind="upstream_account",
        subject_id=account.pk,
        after={"name": account.name, "state": account.state, "code": account.state_code},
        staff_only=True,
    )
