"""Upstream contracts and what flows over them. A customer sees those that an admin has mapped to it, and no others."""

from django.db import models

from apps.accounts.models import Customer
from apps.common.models import Identified
from apps.resellers.models import Reseller, UpstreamAccount
from apps.servers.models import Server


class Contract(Identified):
    """A contract of the upstream account, with its balance as of `balance_seen_at`."""

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="contracts")
    account = models.ForeignKey(UpstreamAccount, on_delete=models.CASCADE, related_name="contracts")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="contracts")
    upstream_id = models.CharField(max_length=40)
    number = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, default="unknown")  # service, partner, agency, testing
    is_default = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    balance = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    currency = models.CharField(max_length=8, blank=True)
    daily_cost = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    days_left = models.IntegerField(null=True)
    balance_seen_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "upstream_id"], name="one_row_per_contract")]

    def __str__(self) -> str:
        return self.number or self.upstream_id


class File(Identified):
    """A file that a contract or a bill names; its content stays upstream."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="files")
    upstream_id = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "upstream_id"], name="one_row_per_file")]

    def __str__(self) -> str:
        return self.upstream_id


class Line(Identified):
    """A payment, a charge or a bill. Lines are never changed or removed here, but a bill becomes paid."""

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        CHARGE = "charge"
        BILL = "bill"

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    upstream_id = models.CharField(max_length=40)
    at = models.DateTimeField(null=True)
    amount = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    what = models.CharField(max_length=255, blank=True)
    server = models.ForeignKey(Server, on_delete=models.SET_NULL, null=True, related_name="charges")
    is_paid = models.BooleanField(null=True)
    file = models.ForeignKey(File, on_delete=models.SET_NULL, null=True, related_name="lines")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "kind", "upstream_id"], name="one_row_per_line")]
        indexes = [models.Index(fields=["contract", "kind", "at"], name="line_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.upstream_id}"
