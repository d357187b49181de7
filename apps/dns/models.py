"""Zones and their records, as the upstream last listed them."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import Reseller, UpstreamAccount
from apps.servers.models import Server


class Zone(Identified):
    """A domain that is served for a customer; without one only the reseller's people see it.

    Pending (`upstream_id` and `gone_at` null): asked for, not yet there. Gone: the upstream lists it no more.
    """

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="zones")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="zones")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="zones")
    upstream_id = models.CharField(max_length=40, null=True)
    name = models.CharField(max_length=253)  # lower case, ASCII (xn--…), no dot at the end
    serial = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    records_seen_at = models.DateTimeField(null=True)
    records_due_at = models.DateTimeField(null=True)  # somebody looks, or something changed
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_zone"),
            models.UniqueConstraint(fields=["account", "name"], condition=Q(gone_at=None), name="one_zone_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.upstream_id is None and self.gone_at is None


class Record(Identified):
    """One record; `name` is relative to the zone, "@" for the zone itself."""

    class Type(models.TextChoices):
        A = "A"
        AAAA = "AAAA"
        CNAME = "CNAME"
        MX = "MX"
        TXT = "TXT"
        NS = "NS"
        SRV = "SRV"
        CAA = "CAA"

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="records")
    upstream_id = models.CharField(max_length=40)
    name = models.CharField(max_length=253)
    type = models.CharField(max_length=8)
    value = models.TextField()
    ttl = models.PositiveIntegerField(null=True)
    priority = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "upstream_id"], name="one_row_per_record")]

    def __str__(self) -> str:
        return f"{self.name} {self.type} {self.value}"


class ReverseName(Identified):
    """The name to which an address of a server leads back, as it was set here; the upstream cannot be asked."""

    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="reverse_names")
    ip = models.GenericIPAddressField()
    name = models.CharField(max_length=253)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "ip"], name="one_reverse_name_per_address")]

    def __str__(self) -> str:
        return f"{self.ip} {self.name}"
