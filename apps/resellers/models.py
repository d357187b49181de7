"""Tenants, their domains and brands, and their accounts at the upstream."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from apps.common.fields import EncryptedTextField
from apps.common.models import Identified
from apps.resellers import host_names


class Shown(Identified):
    """A row that every page shows: what processes remember of it is dropped when it is saved."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        host_names.forget()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        host_names.forget()
        return gone


class Reseller(Shown):
    """A tenant. Everything else hangs on one."""

    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


class Domain(Shown):
    """A host name under which a reseller's portal answers; the first is the canonical one, used in mail."""

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="domains")
    host = models.CharField(max_length=253)
    is_canonical = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("host"), name="one_reseller_per_host")]

    def __str__(self) -> str:
        return self.host

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.host = host_names.plain(self.host)
        super().save(*args, **kwargs)


COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "A colour is written #rrggbb.")


class Brand(Shown):
    """How a reseller's portal and mail look and speak."""

    reseller = models.OneToOneField(Reseller, on_delete=models.CASCADE, related_name="brand")
    name = models.CharField(max_length=60)
    accent = models.CharField(max_length=7, default="#2f6fde", validators=[COLOUR])
    bar = models.CharField(max_length=7, default="#1d2733", validators=[COLOUR])
    logo = models.BinaryField(blank=True, default=b"")
    logo_type = models.CharField(max_length=24, blank=True)  # image/png; empty: the name is the logo
    sender_address = models.EmailField(blank=True)  # empty: no-reply@ the canonical domain
    support_email = models.EmailField(blank=True)
    support_url = models.URLField(blank=True)
    language = models.CharField(max_length=5, default="en")

    def __str__(self) -> str:
        return self.name


class UpstreamAccount(Identified):
    """A login at the upstream, its session (shared by every process), and the clocks that run for it."""

    class SecondFactor(models.TextChoices):
        OFF = "off"
        SMS = "sms"
        ETOKEN = "etoken"

    class State(models.TextChoices):
        WORKING = "working"
        REFUSED = "refused"  # the upstream refused the password: nobody tries again until it is changed
        KEY_NEEDED = "key_needed"  # the session ended and a person must enter a key

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="upstream_accounts")
    name = models.CharField(max_length=40, default="main")
    url = models.CharField(max_length=255)
    login = models.CharField(max_length=120)
    password = EncryptedTextField()
    applied_password = EncryptedTextField(blank=True)  # what the apply file said last
    second_factor = models.CharField(max_length=8, choices=SecondFactor.choices, default=SecondFactor.OFF)
    dialect = models.JSONField(default=dict, blank=True)  # overrides of this account
    learned = models.JSONField(default=dict, blank=True)  # {"session_ended": [codes], "unknown_command": [codes]}
    calibrated_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.WORKING)
    state_code = models.CharField(max_length=16, blank=True)  # the upstream's own code, for the reseller's people
    state_since = models.DateTimeField(null=True)

    session = EncryptedTextField(blank=True)
    session_number = models.BigIntegerField(default=0)  # counts logins: a caller says which one it found dead
    session_started_at = models.DateTimeField(null=True)
    session_ends_at = models.DateTimeField(null=True)
    warned_of = models.BigIntegerField(default=0)  # the session of whose end people were warned
    expiry_guessed_at = models.DateTimeField(null=True)
    login_lease_by = models.CharField(max_length=16, blank=True)
    login_lease_until = models.DateTimeField(null=True)

    hot_until = models.DateTimeField(null=True)  # somebody looks, or a job runs: refresh often
    next_sync_at = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    sync_lease_by = models.CharField(max_length=16, blank=True)
    sync_lease_until = models.DateTimeField(null=True)
    next_tick_at = models.DateTimeField(null=True)
    tick_lease_by = models.CharField(max_length=16, blank=True)
    tick_lease_until = models.DateTimeField(null=True)

    unreachable_since = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)  # while unreachable: nobody calls before; then one probes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reseller", "name"], name="upstream_account_name")]

    def __str__(self) -> str:
        return f"{self.reseller_id}:{self.name}"
