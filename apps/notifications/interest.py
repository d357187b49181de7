"""Who is told of what, and how: one table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from apps.accounts.models import Membership, User
from apps.accounts.selectors import admins_of, owners_of
from apps.events.models import Event
from apps.notifications.models import Message

PAGE, MAIL = Message.Channel.PAGE, Message.Channel.MAIL


class Who(Enum):
    ORDERER = "the one who ordered, else the customer's owners"
    ADMINS = "the reseller's admins"
    SUBJECT = "the user whom the event is about"


@dataclass(frozen=True, slots=True)
class Interest:
    who: Who
    channels: tuple[Message.Channel, ...]


INTERESTS: Mapping[str, Interest] = {
    "job.succeeded": Interest(Who.ORDERER, (PAGE, MAIL)),
    "job.failed": Interest(Who.ORDERER, (PAGE, MAIL)),
    "job.cancelled": Interest(Who.ORDERER, (PAGE,)),
    "job.uncertain": Interest(Who.ORDERER, (PAGE,)),  # mostly settled before a mail would be read
    "job.appeared_after_all": Interest(Who.ORDERER, (PAGE, MAIL)),
    "case.opened": Interest(Who.ADMINS, (PAGE, MAIL)),
    "upstream_account.refused": Interest(Who.ADMINS, (PAGE, MAIL)),
    "upstream_account.key_needed": Interest(Who.ADMINS, (PAGE, MAIL)),
    "upstream_account.ending": Interest(Who.ADMINS, (PAGE, MAIL)),
    "upstream_account.working": Interest(Who.ADMINS, (PAGE, MAIL)),
    "user.password_changed": Interest(Who.SUBJECT, (MAIL,)),
    "user.password_reset_asked": Interest(Who.SUBJECT, (MAIL,)),
}
QUICK = frozenset({"start", "stop", "pause", "reboot"})  # done before anybody opens a mail


def told(event: Event) -> Iterable[tuple[User, Message.Channel]]:
    """Each person and channel that hears of this event."""
    interest = INTERESTS.get(event.kind)
    if interest is None:
        return
    channels = interest.channels
    if event.kind == "job.succeeded" and event.after.get("kind") in QUICK:
        channels = (PAGE,)
    for user in _people(event, interest.who):
        for channel in channels:
            yield user, channel


def _people(event: Event, who: Who) -> Iterable[User]:
    """Active people of the event's own reseller, each once."""
    if who is Who.ADMINS:
        return admins_of(event.reseller_id)
    own = User.objects.filter(reseller_id=event.reseller_id, is_active=True)
    if who is Who.SUBJECT:
        return own.filter(pk=event.subject_id)
    orderer = own.filter(pk=event.actor_id or 0).first()
    if orderer is not None and (orderer.is_staff_member or _is_member(orderer, event)):
        return [orderer]
    return owners_of(event.customer_id) if event.customer_id else []


def _is_member(user: User, event: Event) -> bool:
    return Membership.objects.filter(user=user, customer_id=event.customer_id or 0).exists()
