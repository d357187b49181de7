"""Messages: what a person is told of an event, once per channel."""

from django.db import models

from apps.accounts.models import User
from apps.common.models import Identified
from apps.events.models import Event


class Message(Identified):
    """One event told to one person on one channel. The page's is delivered by being a row."""

    class Channel(models.TextChoices):
        PAGE = "page"
        MAIL = "mail"

    class Status(models.TextChoices):
        PENDING = "pending"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="messages")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=48)  # the event's
    facts = models.JSONField(default=dict)  # what the sentence needs: names and ids, in no language
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=320, blank=True)  # of the mail: the same at every try
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sending_lease_by = models.CharField(max_length=16, blank=True)
    sending_lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user", "channel"], name="told_once_per_channel")]
        indexes = [
            models.Index(fields=["user", "channel", "-id"], name="message_by_user"),
            models.Index(fields=["status", "next_try_at"], name="message_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id} by {self.channel}"
