"""The commands that are served here: each a function of the caller and the parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.actor import Actor
from apps.accounts.models import ProgramSession
from apps.common.errors import NotFound, PortalError
from apps.writes.models import Write

MOSCOW = timezone(timedelta(hours=3))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, by which session, from where."""

    actor: Actor
    session: ProgramSession
    address: str


@dataclass(frozen=True, slots=True)
class Beside:
    """An answer with something beside its `data`."""

    data: Any
    more: Mapping[str, Any]


Handler = Callable[[Caller, Mapping[str, Any]], Any]


class NotSettled(PortalError):
    code, status = "not_settled", 202
    message = _("It was sent and the answer was lost. Look at the list in a minute; do not send it again before.")


class NotByProgram(PortalError):
    code, status, message = "not_by_program", 403, _("This is done by the person, in the pages of the portal.")


def id_of(value: Any) -> int:
    """An id of ours, as digits; whatever is none names nothing."""
    written = str(value)
    if isinstance(value, bool) or not written.isascii() or not written.isdigit() or len(written) > 18:
        raise NotFound
    return int(written)


def date(moment: datetime | None) -> str | None:
    """As the vendor writes moments: Moscow time."""
    return moment.astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def settled(write: Write) -> Write:
    """The write, if its end is known; NotSettled otherwise."""
    if write.status != Write.Status.DONE:
        raise NotSettled
    return write
