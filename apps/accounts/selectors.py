"""For whom a person may act."""

from django.db.models import QuerySet

from apps.accounts.models import Membership, User


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("customer").order_by("customer__name")


def customer_ids(user: User) -> set[int]:
    return set(Membership.objects.filter(user=user).values_list("customer_id", flat=True))


def owners_of(customer_id: int) -> QuerySet[User]:
    """People who answer for the customer."""
    owner = Membership.Role.OWNER
    return User.objects.filter(is_active=True, memberships__customer_id=customer_id, memberships__role=owner)


def admins_of(reseller_id: int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, reseller_id=reseller_id, staff_role=User.StaffRole.ADMIN)
