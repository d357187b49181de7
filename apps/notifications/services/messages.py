"""A person's messages in the page."""

from collections.abc import Iterable

from apps.accounts.models import User
from apps.common import clock
from apps.notifications.models import Message


def mark_read(user: User, ids: Iterable[int] | None = None) -> int:
    """Mark these (or all) of the user's messages as read; how many were not."""
    unread = Message.objects.filter(user=user, channel=Message.Channel.PAGE, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=clock.now())
