"""At which upstream account something new of a customer is made."""

from django.db.models import Count

from apps.accounts.models import Customer
from apps.common.errors import Unavailable
from apps.resellers.models import UpstreamAccount


def account_for(customer: Customer) -> UpstreamAccount:
    """Where most of the customer's servers are; without any, the reseller's first; one that works, if any does.

    Unavailable if the reseller has none.
    """
    house = UpstreamAccount.objects.filter(reseller_id=customer.reseller_id)
    working = house.filter(state=UpstreamAccount.State.WORKING)
    house = working if working.exists() else house
    theirs = house.filter(servers__customer=customer, servers__gone_at=None).annotate(count=Count("servers"))
    account = theirs.order_by("-count", "pk").first() or house.order_by("pk").first()
    if account is None:
        raise Unavailable
    return account
