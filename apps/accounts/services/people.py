"""Making people and customers, and what they may do."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from apps.accounts.models import Customer, Membership, User
from apps.events.services import record


@transaction.atomic
def set_applied_password(user: User, password: str) -> bool:
    """Set the password that a file names, unless it named the same before; True if it was set."""
    if user.applied_password and check_password(password, user.applied_password):
        return False
    is_first = not user.has_usable_password()
    user.set_password(password)
    user.applied_password = make_password(password)
    user.save(update_fields=["password", "applied_password"])
    if not is_first:
        record(
            "user.password_changed",
            reseller_id=user.reseller_id,
            subject_kind="user",
            subject_id=user.pk,
            staff_only=True,
        )
    return True


@transaction.atomic
def set_role(customer: Customer, user: User, role: str) -> bool:
    """The user's role for the customer; True if it changed."""
    found, is_new = Membership.objects.get_or_create(customer=customer, user=user, defaults={"role": role})
    before = "" if is_new else found.role
    if before == role:
        return False
    Membership.objects.filter(pk=found.pk).update(role=role)
    record(
        "member.role_changed",
        reseller_id=customer.reseller_id,
        customer_id=customer.pk,
        subject_kind="user",
        subject_id=user.pk,
        before={"role": before},
        after={"role": role},
    )
    return True
