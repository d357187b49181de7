"""A change that the upstream makes at once, as a row: what was sent, and what is known of its end."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer, User
from apps.common.models import Identified
from apps.resellers.models import Reseller, UpstreamAccount


class Write(Identified):
    """One run of a command that the journal does not list. Written before it is sent, and sent at most once."""

    class Status(models.TextChoices):
        SENDING = "sending"
        UNCERTAIN = "uncertain"  # the answer was lost: the resource's list decides
        DONE = "done"
        FAILED = "failed"

    OPEN = (Status.SENDING, Status.UNCERTAIN)

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="writes")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.PROTECT, related_name="writes")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="writes")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="writes")
    request_id = models.CharField(max_length=36, blank=True)
    command = models.CharField(max_length=40)  # of the catalogue
    subject_kind = models.CharField(max_length=24)  # zone, record, network, …
    subject_id = models.BigIntegerField()  # our id of what is changed, or of what will be made
    parameters = models.JSONField(default=dict)  # as sent
    facts = models.JSONField(default=dict)  # what the mirror will say when it is done
    seen_before = models.JSONField(default=list)  # upstream ids in the list before it was sent
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SENDING)

    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()  # the write-ahead
    absent_at = models.DateTimeField(null=True)  # first list that does not show it
    finished_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    upstream_code = models.CharField(max_length=40, blank=True)  # for the reseller's people only

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "id"], condition=Q(status__in=["sending", "uncertain"]), name="open_write_by_account"
            ),
            models.Index(fields=["customer", "id"], name="write_by_customer"),
            models.Index(fields=["reseller", "id"], name="write_by_reseller"),
        ]

    def __str__(self) -> str:
        return f"{self.command} #{self.pk} ({self.status})"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN
