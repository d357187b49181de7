"""People, the customers they act for, and the tokens of their programs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from apps.common.models import Identified
from apps.resellers.models import Reseller


class UserManager(BaseUserManager["User"]):
    def make(self, *, reseller: Reseller, email: str, password: str | None = None, **more: object) -> "User":
        """A user of this reseller. Without a password nobody can sign in until one is set by reset."""
        user = self.model(reseller=reseller, email=email, login=User.login_for(reseller.pk, email), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Identified):
    """A person of one reseller. The same e-mail address at two resellers is two users who share nothing."""

    class StaffRole(models.TextChoices):
        NONE = ""
        ADMIN = "admin"

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="users")
    email = models.EmailField()
    login = models.CharField(max_length=320, unique=True)  # "{reseller id}:{email}": allauth wants it unique
    staff_role = models.CharField(max_length=12, choices=StaffRole.choices, default=StaffRole.NONE, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, blank=True)  # empty: the browser's, then the brand's
    time_zone = models.CharField(max_length=40, blank=True)
    applied_password = models.CharField(max_length=160, blank=True)  # hash of what the apply file said last
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint("reseller", Lower("email"), name="one_user_per_address")]

    def __str__(self) -> str:
        return self.email

    @staticmethod
    def login_for(reseller_id: int, email: str) -> str:
        return f"{reseller_id}:{email.lower()}"

    @property
    def is_staff_member(self) -> bool:
        """One of the reseller's own people."""
        return bool(self.staff_role)


class Customer(Identified):
    """A reseller's client, a person or a company; its members act for it."""

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="customers")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reseller", "name"], name="customer_name")]

    def __str__(self) -> str:
        return self.name


class Limits(models.Model):
    """How much a customer may have at most; null does not limit."""

    NAMES: ClassVar[tuple[str, ...]] = ("servers", "cpu", "ram_gb", "disk_gb", "networks", "zones")

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="limits")
    servers = models.PositiveIntegerField(null=True)
    cpu = models.PositiveIntegerField(null=True)
    ram_gb = models.PositiveIntegerField(null=True)
    disk_gb = models.PositiveIntegerField(null=True)
    networks = models.PositiveIntegerField(null=True)
    zones = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"limits of {self.customer_id}"


class Membership(Identified):
    """What a user may do for a customer."""

    class Role(models.TextChoices):
        OWNER = "owner"
        OPERATOR = "operator"
        VIEWER = "viewer"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "user"], name="one_role_per_customer")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.customer_id}"


class ApiToken(Identified):
    """A program's key. Only its SHA-256 is kept; the start of it is shown so that people can tell two apart."""

    class Scope(models.TextChoices):
        FULL = "full"
        READ = "read"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.FULL)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


class IdempotencyKey(models.Model):
    """Written in the transaction of what it stands for: once that exists, a repeat always returns it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)  # two tokens of one person share their keys
    fingerprint = models.CharField(max_length=64)  # keyed hash of what was asked, its address included
    made_id = models.BigIntegerField()  # of the job or the change
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_thing_per_key")]

    def __str__(self) -> str:
        return self.key


class ProgramSession(Identified):
    """A sign-in of a program that speaks the vendor's protocol: a word for a day. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="program_sessions")
    digest = models.CharField(max_length=64, unique=True)
    password_mark = models.CharField(max_length=128)  # of the password under which it began
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    last_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"program of {self.user_id}"
