"""Templates, from which servers are installed, and ISO images, which are put into their drives."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import UpstreamAccount
from apps.servers.offers import Offered


class Image(Identified, Offered):
    """As the upstream account lists it: the system's for all to whom they are offered, own ones for their customer.

    Pending (`upstream_id` and `gone_at` null): ordered, not yet there.
    """

    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="%(class)ss")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="%(class)ss")
    upstream_id = models.CharField(max_length=40, null=True)
    upstream_name = models.CharField(max_length=255, blank=True)  # as sent: nobody else's in the account
    name = models.CharField(max_length=255)
    is_system = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True, null=True)
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_%(class)s"),
            models.UniqueConstraint(
                fields=["account", "upstream_name"],
                condition=Q(upstream_id=None, gone_at=None),
                name="one_pending_%(class)s_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.upstream_id is None and self.gone_at is None


class Template(Image):
    """An installable system."""

    os = models.CharField(max_length=80, blank=True)
    min_disk_gb = models.PositiveIntegerField(default=0)


class Iso(Image):
    """An image for a server's drive."""

    size_mb = models.PositiveIntegerField(null=True)
