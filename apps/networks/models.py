"""Private networks, as the upstream last listed them."""

from django.db import models
from django.db.models import Q

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import Reseller, UpstreamAccount


class Network(Identified):
    """A private network of a customer; without one only the reseller's people see it.

    Pending (`upstream_id` and `gone_at` null): asked for, not yet there. Gone: the upstream lists it no more.
    """

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="networks")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="networks")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="networks")
    upstream_id = models.CharField(max_length=40, null=True)
    upstream_name = models.CharField(max_length=255, blank=True)  # as sent: nobody else's in the account
    name = models.CharField(max_length=255)
    server_ids = models.JSONField(default=list)  # upstream ids of the servers in it
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_network"),
            models.UniqueConstraint(
                fields=["account", "upstream_name"],
                condition=Q(upstream_id=None, gone_at=None),
                name="one_pending_network_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.upstream_id is None and self.gone_at is None
