"""A customer's machine: the mapping to the upstream, and the mirror of what the upstream last said."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import Reseller, UpstreamAccount
from apps.servers.offers import Offered


class Preset(Identified, Offered):
    """A size that the upstream offers; its price is the reseller's business and no customer's."""

    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="presets")
    upstream_id = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    cpu = models.PositiveIntegerField()
    ram_gb = models.DecimalField(max_digits=9, decimal_places=3)
    disk_gb = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=16, decimal_places=6, null=True)  # a month, upstream: no customer's business
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_preset")]

    def __str__(self) -> str:
        return self.name


class Server(Identified):
    """Mapped (`customer`), known upstream (`upstream_id`), or both in time.

    - unmapped (`customer` is null): only the reseller's people see it;
    - pending (`upstream_id` is null, `gone_at` is null): made with an order, not yet there;
    - gone (`gone_at` set): it was there and the upstream no longer lists it: shown as gone, kept for history;
    - never came to be (`upstream_id` null and `gone_at` set): its order failed: hidden from lists.

    Every mirrored fact was seen at `seen_at`; the power state at `status_seen_at`.
    """

    class Status(models.TextChoices):
        OFF = "off"
        ON = "on"
        PAUSED = "paused"
        BUSY = "busy"
        ARCHIVED = "archived"
        UNKNOWN = "unknown"

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="servers")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="servers")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="servers")
    upstream_id = models.CharField(max_length=40, null=True)
    upstream_name = models.CharField(max_length=255, blank=True)  # the name as the upstream knows it
    name = models.CharField(max_length=255)  # as asked by the customer, else as the upstream calls it
    created_at = models.DateTimeField(auto_now_add=True)

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.UNKNOWN)
    status_seen_at = models.DateTimeField(null=True)
    cpu = models.PositiveIntegerField(null=True)
    ram_gb = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    disks = models.JSONField(default=list)  # [{"id", "size_gb", "type"}]
    interfaces = models.JSONField(default=list)  # [{"id", "key" (ours), "mac", "ip", "network", "state"}]
    template_upstream_id = models.CharField(max_length=40, blank=True)
    iso_upstream_id = models.CharField(max_length=40, blank=True)  # the image that is in its drive
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_machine"),
            models.UniqueConstraint(
                fields=["account", "upstream_name"],
                condition=Q(upstream_id=None, gone_at=None),
                name="one_pending_machine_per_name",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "name", "id"], name="server_by_customer"),
            models.Index(fields=["reseller", "name", "id"], name="server_by_reseller"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.upstream_id is None and self.gone_at is None

    @property
    def is_gone(self) -> bool:
        return self.gone_at is not None

    @property
    def disk_gb(self) -> int:
        """Size of all disks together, GB."""
        return sum(int(disk["size_gb"]) for disk in self.disks)
