"""Events become messages: one for each interested person and channel, however often this runs."""

import logging

from django.db import connection, transaction

from apps.common import clock
from apps.common.queue import send_after_commit
from apps.events import live
from apps.events.models import Event, OutboxEntry
from apps.notifications.interest import told
from apps.notifications.models import Message

AT_ONCE = 200
log = logging.getLogger(__name__)


def fan_out() -> None:
    """Make the messages of every event that has none yet. Any number may run beside each other.

    An event whose messages cannot be made stays in the outbox for the next sweep and holds nobody else up.
    """
    last = 0
    while waiting := list(_waiting_after(last)):
        for entry_id in waiting:
            try:
                _settle(entry_id)
            except Exception:  # one event's fault is not the others'; the sweep tries it again
                log.exception("The messages of outbox entry %s could not be made", entry_id)
        last = waiting[-1]


def _waiting_after(last: int) -> list[int]:
    return list(OutboxEntry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _settle(entry_id: int) -> None:
    """All messages of one event and the end of its entry, or nothing. Whoever holds the row does it alone."""
    mine = OutboxEntry.objects.filter(pk=entry_id)
    if connection.features.has_select_for_update_skip_locked:
        mine = mine.select_for_update(skip_locked=True)
    entry = mine.first()
    if entry is None:
        return
    event = Event.objects.filter(pk=entry.event_id).first()
    if event is not None:
        _tell(event)
    entry.delete()


def _tell(event: Event) -> None:
    now = clock.now()
    for user, channel in told(event):
        by_page = channel == Message.Channel.PAGE
        message, is_new = Message.objects.get_or_create(
            event=event,
            user=user,
            channel=channel,
            defaults={
                "kind": event.kind,
                "facts": {**event.after, "job_id": event.subject_id, "at": event.created_at.isoformat()},
                "created_at": now,
                "status": Message.Status.SENT if by_page else Message.Status.PENDING,
                "sent_at": now if by_page else None,
            },
        )
        if is_new and not by_page:
            send_after_commit("notifications.post", message.pk)
        elif is_new:
            live.wake_after_commit()
