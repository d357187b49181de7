"""Mail goes out at least once, always under the same Message-ID, so that nobody has it twice."""

import logging
import random
import threading
import time
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from apps.common import clock, leases
from apps.common.queue import send
from apps.notifications.models import Message
from apps.notifications.services.mails import mail_for, message_id_for

LEASE = 120  # seconds; longer than a conversation whose every step takes EMAIL_TIMEOUT
WAITS = (5, 30, 300, 1800, 7200, 18000, 36000, 50400, 64800, 75600)  # seconds between tries: three days in all
GO_ON = 60.0  # seconds that one call goes on with other mail
ASKED_AT_ONCE = 20
NEEDS_LOGIN = frozenset({530, 534, 535, 538})  # the mail server refuses us, not the mail
log = logging.getLogger(__name__)
Status = Message.Status

# A mail server that hangs holds these few threads of the process; orders keep the others.
_slots = threading.BoundedSemaphore(4)


def sweep() -> None:
    """Ask for mail that is due and for what a dead sender left; who sends one goes on with the rest."""
    for message_id in _due().order_by("next_try_at", "pk").values_list("pk", flat=True)[:ASKED_AT_ONCE]:
        send("notifications.post", message_id)


def post(message_id: int) -> None:
    """Send this mail if it is due, then whatever else is. With all slots taken, their holders come to it."""
    if not _slots.acquire(blocking=False):
        return
    try:
        until = time.monotonic() + GO_ON
        next_id: int | None = message_id
        while next_id is not None:
            _post_one(next_id)
            next_id = _due().values_list("pk", flat=True).first() if time.monotonic() < until else None
    finally:
        _slots.release()


def _is_ready() -> Q:
    """Its time has come, or somebody began to send it; on the database's clock."""
    waits = Q(status=Status.PENDING) & (Q(next_try_at=None) | Q(next_try_at__lte=Now()))
    return waits | Q(status=Status.SENDING)


def _due() -> QuerySet[Message]:
    """Mail that is ready and that no living sender has."""
    free = Q(sending_lease_until=None) | Q(sending_lease_until__lt=Now())
    return Message.objects.filter(_is_ready(), free, channel=Message.Channel.MAIL).order_by("pk")


def _post_one(message_id: int) -> None:
    message = _due().filter(pk=message_id).select_related("user__reseller__brand", "event").first()
    word = leases.take(message, "sending", LEASE) if message is not None else None
    if message is None or word is None:
        return
    try:
        if _claim(message, word):
            _send(message, word)
    finally:
        leases.give_back(message, "sending", word)


def _claim(message: Message, word: str) -> bool:
    """Write down the try and the Message-ID before anything is sent; False if another sender was faster."""
    message.message_id = message.message_id or message_id_for(message)
    mine = Message.objects.filter(_is_ready(), pk=message.pk, sending_lease_by=word)
    if mine.update(status=Status.SENDING, tries=F("tries") + 1, message_id=message.message_id) != 1:
        return False
    message.tries += 1
    return True


def _send(message: Message, word: str) -> None:
    """One try: sent, failed for good, or due again later."""
    if message.tries > len(WAITS) + 1 or not message.user.is_active:
        _give_up(message, word)
        return
    try:
        mail_for(message).send()
    except Exception as exc:  # noqa: BLE001 - whatever it is, this mail waits and the others go on
        log.warning("mail %s, try %s: %s", message.pk, message.tries, type(exc).__name__)
        _after_failure(message, word, exc)
    else:
        Message.objects.filter(pk=message.pk).update(status=Status.SENT, sent_at=clock.now())


def _after_failure(message: Message, word: str, error: Exception) -> None:
    if _is_final(error) or message.tries > len(WAITS):
        _give_up(message, word)
        return
    wait = WAITS[message.tries - 1] * random.uniform(0.9, 1)  # noqa: S311 - so that they do not all come at once
    _held(message, word).update(status=Status.PENDING, next_try_at=clock.in_seconds(wait))


def _give_up(message: Message, word: str) -> None:
    _held(message, word).update(status=Status.FAILED)


def _held(message: Message, word: str) -> QuerySet[Message]:
    """The row, if it is still this sender's: one who comes back late changes nothing."""
    return Message.objects.filter(pk=message.pk, status=Status.SENDING, sending_lease_by=word)


def _is_final(error: Exception) -> bool:
    """The mail server refused this mail for good; that it refuses us, for want of a login, can be mended."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = {code for code, _text in error.recipients.values()}
    elif isinstance(error, SMTPDataError | SMTPSenderRefused):
        codes = {error.smtp_code}
    else:
        return False
    return all(500 <= code < 600 and code not in NEEDS_LOGIN for code in codes)
