"""Writing down what happened."""

from typing import Any

from django.db import transaction

from apps.common import clock
from apps.common.queue import send_after_commit
from apps.events import live, request_ids
from apps.events.models import Event, OutboxEntry


@transaction.atomic
def record(
    kind: str,
    *,
    reseller_id: int,
    subject_kind: str,
    subject_id: int,
    customer_id: int | None = None,
    actor_id: int | None = None,
    behalf_of_id: int | None = None,
    server_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    staff_only: bool = False,
) -> Event:
    """Write one event in the caller's transaction; streams and messages follow after its commit."""
    event = Event.objects.create(
        kind=kind,
        created_at=clock.now(),
        reseller_id=reseller_id,
        customer_id=customer_id,
        actor_id=actor_id,
        behalf_of_id=behalf_of_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        server_id=server_id,
        before=before or {},
        after=after or {},
        staff_only=staff_only,
        request_id=request_ids.current(),
    )
    OutboxEntry.objects.create(event_id=event.pk)
    send_after_commit("notifications.fan_out")
    live.wake_after_commit()
    return event
