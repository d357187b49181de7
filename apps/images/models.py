"""Templates: what a server can be installed from."""

from django.db import models

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import UpstreamAccount


class Template(Identified):
    """An installable system, as the upstream account offers it: system templates to all, own ones to their customer."""

    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="templates")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="templates")
    upstream_id = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    os = models.CharField(max_length=80, blank=True)
    min_disk_gb = models.PositiveIntegerField(default=0)
    is_system = models.BooleanField(default=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_template")]

    def __str__(self) -> str:
        return self.name
