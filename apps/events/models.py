"""What happened, one append-only row each; ids, no foreign keys, so that history outlives what it speaks of."""

from django.db import models


class Event(models.Model):
    """One thing that happened: who, what, about which ids, when, on whose behalf, before and after.

    The audience of live streams and messages: the reseller's people, and the customer's if `customer_id` is set.
    """

    kind = models.CharField(max_length=48)  # e.g. job.succeeded
    created_at = models.DateTimeField(db_index=True)
    reseller_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)  # the user who did it; null: the portal itself
    behalf_of_id = models.BigIntegerField(null=True)  # the user in whose name an admin acted
    subject_kind = models.CharField(max_length=24)  # job, server, user, upstream_account, …
    subject_id = models.BigIntegerField()
    server_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    staff_only = models.BooleanField(default=False)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["reseller_id", "customer_id", "id"], name="event_by_audience"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["server_id", "id"], name="event_by_server"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class OutboxEntry(models.Model):
    """An event of which messages have yet to be made; written with it, deleted with the messages' making."""

    event_id = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"event {self.event_id}"
