"""For which customer somebody acts, and whether their role allows it."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from apps.accounts.actor import Actor
from apps.accounts.models import Customer, Membership
from apps.common.errors import InvalidInput, NotPermitted


def may(actor: Actor, roles: Collection[Membership.Role], customer_id: int | None) -> bool:
    """Whether one of these roles lets the actor act for the customer; the reseller's people act for all of theirs."""
    if not actor.may_write:
        return False
    if actor.is_staff:
        return True
    if customer_id is None:
        return False
    return Membership.objects.filter(user=actor.user, customer_id=customer_id, role__in=list(roles)).exists()


def require(actor: Actor, roles: Collection[Membership.Role], customer_id: int | None) -> None:
    """NotPermitted unless the actor may."""
    if not may(actor, roles, customer_id):
        raise NotPermitted


def customer_for(actor: Actor, roles: Collection[Membership.Role], given: object) -> Customer:
    """The customer for whom something new is made: the one that was named, or the only one there is.

    NotPermitted if no role allows it; InvalidInput (field customer) if it must be named, or is not one of the actor's.
    """
    if not actor.may_write:
        raise NotPermitted
    mine = Customer.objects.filter(reseller_id=actor.reseller_id)
    if not actor.is_staff:
        mine = mine.filter(memberships__user=actor.user, memberships__role__in=list(roles))
        if not mine.exists():
            raise NotPermitted
    if given is None:
        found = list(mine[:2])
        if len(found) == 1:
            return found[0]
        raise InvalidInput({"customer": [_("Say for which customer: give the id.")]})
    number = int(given) if isinstance(given, int | str) and str(given).isascii() and str(given).isdigit() else 0
    customer = mine.filter(pk=number).first() if 0 < number < 2**53 else None
    if customer is None:
        raise InvalidInput({"customer": [_("There is no such customer.")]})
    return customer
