"""Sending a change: the row first, then the command, once."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.actor import Actor
from apps.accounts.services import once
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import PortalError, Unavailable
from apps.events import request_ids
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.errors import UpstreamError, UpstreamRefused, UpstreamSessionEnded
from apps.upstream.readers import read_new_id
from apps.writes.deeds import deed_of
from apps.writes.models import Write
from apps.writes.services import endings

BEGIN_WITHIN = 2.0  # seconds from the write-ahead to the first byte, or it is not sent
DEADLINE = 12.0  # seconds in which the answer must be there


class Refused(PortalError):
    """The upstream said no; its code is in the write's row, for the reseller's people."""

    code, status = "refused", 409
    message = _("This cannot be done as it stands. Nothing was changed. Support can say why.")


@dataclass(frozen=True, slots=True)
class Change:
    """One change to be made: `parameters` are sent, `facts` are what the mirror will say."""

    command: str
    account: UpstreamAccount
    customer_id: int | None
    subject_kind: str
    subject_id: int
    parameters: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    seen_before: list[str] = field(default_factory=list)


def made_before(actor: Actor, key: Key | None) -> Write | None:
    """The write that this key made before; KeyReused if something else was asked under it."""
    made_id = once.made_under(actor, key)
    return Write.objects.get(pk=made_id) if made_id else None


def send(actor: Actor, change: Change, key: Key | None = None, *, prepare: Callable[[], None] = lambda: None) -> Write:
    """Write the change down, send it once, write its end down.

    The write is done; or uncertain, if the answer was lost: the list will settle it. Raises Refused and Unavailable:
    then nothing was changed. The same key again gives the same write, or the same refusal. `prepare` writes the row
    of what will be made, in the transaction of the write-ahead.
    """
    gateway = Gateway(change.account)
    gateway.journal()  # an ended session is noticed by a read: its code may be one that nobody has learned yet
    try:
        write = _begin(actor, change, key, prepare)
    except (IntegrityError, PortalError):  # perhaps a twin was faster
        if found := made_before(actor, key):
            return again(found)
        raise
    try:
        answer = _call(gateway, write)
    except UpstreamError as error:
        return _not_answered(write, error)
    except Unavailable as away:
        endings.fail(write, away.code)
        raise
    endings.finish(write, _made(write, answer))
    return write


def again(write: Write) -> Write:
    """What a repeat under the same key is told: the write, or why it failed."""
    if write.status == Write.Status.FAILED:
        raise Unavailable if write.error_code == Unavailable.code else Refused(code=write.error_code)
    return write


@transaction.atomic
def _begin(actor: Actor, change: Change, key: Key | None, prepare: Callable[[], None]) -> Write:
    prepare()
    now = clock.now()
    write = Write.objects.create(
        reseller_id=change.account.reseller_id,
        account=change.account,
        customer_id=change.customer_id,
        requested_by=actor.user,
        request_id=request_ids.current(),
        command=change.command,
        subject_kind=change.subject_kind,
        subject_id=change.subject_id,
        parameters=dict(change.parameters),
        facts=dict(change.facts),
        seen_before=change.seen_before,
        created_at=now,
        sent_at=now,
    )
    once.keep(actor, key, write.pk)
    return write


def _call(gateway: Gateway, write: Write) -> Any:
    """Once; and once more if the session had ended, for then it surely was not carried out."""
    begin_before = time.monotonic() + BEGIN_WITHIN
    try:
        return gateway.change(write.command, write.parameters, begin_before=begin_before, deadline=DEADLINE)
    except UpstreamSessionEnded:
        write.sent_at = clock.now()
        write.save(update_fields=["sent_at"])
        begin_before = time.monotonic() + BEGIN_WITHIN
        return gateway.change(write.command, write.parameters, begin_before=begin_before, deadline=DEADLINE)


def _not_answered(write: Write, error: UpstreamError) -> Write:
    if isinstance(error, UpstreamRefused):
        endings.fail(write, "refused", upstream_code=error.code)
        raise Refused from None
    if error.may_have_happened:
        endings.doubt(write)
        return write
    endings.fail(write, Unavailable.code)
    raise Unavailable from None


def _made(write: Write, answer: Any) -> str:
    """The new upstream id, if the answer says one; the next listing will otherwise."""
    if not deed_of(write).makes:
        return ""
    try:
        return read_new_id(answer, write.command)
    except UpstreamError:
        return ""
