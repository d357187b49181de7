"""A job is a row, from asked to finished; the database keeps its promises."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer, User
from apps.common.fields import EncryptedTextField
from apps.common.models import Identified
from apps.images.models import Iso, Template
from apps.resellers.models import Reseller, UpstreamAccount
from apps.servers.models import Server


class Job(Identified):
    """One run of a journalled command on behalf of somebody."""

    class Kind(models.TextChoices):
        START = "start"
        STOP = "stop"
        PAUSE = "pause"
        REBOOT = "reboot"
        CLONE = "clone"
        REINSTALL = "reinstall"
        CREATE = "create"
        RESIZE = "resize"
        ARCHIVE = "archive"
        RESTORE = "restore"
        DELETE = "delete"
        CONNECT = "connect"  # an interface more, in a private network
        MOVE = "move"  # an interface into another network
        DISCONNECT = "disconnect"  # an interface less
        LINK_UP = "link_up"
        LINK_DOWN = "link_down"
        TEMPLATE = "template"  # an image of a server
        ISO = "iso"  # an image from an address; there is no server

    class Status(models.TextChoices):
        QUEUED = "queued"
        SUBMITTING = "submitting"
        RUNNING = "running"
        UNCERTAIN = "uncertain"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (Status.SUBMITTING, Status.RUNNING, Status.UNCERTAIN)
    OPEN = (Status.QUEUED, *ACTIVE)

    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="jobs")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.PROTECT, related_name="jobs")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="jobs")
    server = models.ForeignKey(Server, on_delete=models.PROTECT, null=True, related_name="jobs")
    target = models.ForeignKey(Server, on_delete=models.PROTECT, null=True, related_name="made_by_jobs")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, related_name="made_by_jobs")
    iso = models.ForeignKey(Iso, on_delete=models.PROTECT, null=True, related_name="made_by_jobs")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="jobs")
    request_id = models.CharField(max_length=36, blank=True)
    arguments = models.JSONField(default=dict)  # what was asked, without secrets, in our ids
    parameters = models.JSONField(default=dict)  # what is sent upstream, without secrets
    secret = EncryptedTextField(blank=True)  # a password to send; wiped when the job ends
    disk_gb = models.PositiveIntegerField(default=0)  # of the server, when ordered: estimates go by it

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # claimed for sending
    sent_at = models.DateTimeField(null=True)  # the write-ahead
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    claim = models.CharField(max_length=16, blank=True)  # word of the one who is sending it
    journal_before = models.JSONField(default=list)  # journal ids seen by the write-ahead
    journal_id = models.CharField(max_length=40, null=True)
    was_answered = models.BooleanField(default=False)
    absent_at = models.DateTimeField(null=True)  # first complete journal without it
    absent_looks = models.PositiveIntegerField(default=0)
    settled_looks = models.PositiveIntegerField(default=0)
    status_before = models.CharField(max_length=8, blank=True)
    doubt = models.CharField(max_length=32, blank=True)  # why evidence cannot decide

    error_code = models.CharField(max_length=40, blank=True)
    upstream_code = models.CharField(max_length=40, blank=True)  # for the reseller's people only
    result = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["server"],
                condition=Q(status__in=["submitting", "running", "uncertain"]),
                name="one_active_job_per_server",
            ),
            models.UniqueConstraint(fields=["account", "journal_id"], name="one_job_per_journal_entry"),
        ]
        indexes = [
            models.Index(
                fields=["account", "id"],
                condition=Q(status__in=["queued", "submitting", "running", "uncertain"]),
                name="open_job_by_account",
            ),
            models.Index(fields=["server", "id"], name="job_by_server"),
            models.Index(fields=["customer", "id"], name="job_by_customer"),
            models.Index(fields=["reseller", "id"], name="job_by_reseller"),
            models.Index(fields=["kind", "status", "disk_gb", "id"], name="job_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.status})"

    @property
    def image(self) -> Template | Iso | None:
        """The image that the job makes."""
        return self.template or self.iso

    @property
    def made(self) -> Server | Template | Iso | None:
        """Whatever the job makes."""
        return self.target or self.image

    @property
    def subject_name(self) -> str:
        """The name of the server, or of the image where there is none."""
        return self.server.name if self.server else self.image.name if self.image else ""

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class Case(Identified):
    """Something about a job that evidence cannot decide or that contradicts what was said: a person decides."""

    class Reason(models.TextChoices):
        TWO_CANDIDATES = "two_candidates"
        JOURNAL_ROLLED_OVER = "journal_rolled_over"
        UNEXPLAINED_CHANGE = "unexplained_change"
        APPEARED_AFTER_ALL = "appeared_after_all"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="cases")
    reason = models.CharField(max_length=24, choices=Reason.choices)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "reason"], name="one_case_per_reason")]

    def __str__(self) -> str:
        return f"{self.reason} of job {self.job_id}"
