"""Looking messages up."""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.notifications.models import Message


def page_messages(user: User) -> QuerySet[Message]:
    """Newest first."""
    return Message.objects.filter(user=user, channel=Message.Channel.PAGE).order_by("-pk")


def unread_count(user: User) -> int:
    return page_messages(user).filter(read_at=None).count()
