"""The messages' door for the clock and the broker."""

from celery import shared_task

from apps.notifications.services import fan_out as outbox
from apps.notifications.services import posting


@shared_task(name="notifications.fan_out")
def fan_out() -> None:
    """Make the messages of new events."""
    outbox.fan_out()


@shared_task(name="notifications.post")
def post(message_id: int) -> None:
    """Send one mail."""
    posting.post(message_id)


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Every ten seconds: what was lost on the way?"""
    outbox.fan_out()
    posting.sweep()
