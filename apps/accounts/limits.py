"""How much a customer may have: the reseller's word, kept one order at a time."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Customer, Limits
from apps.common.errors import PortalError, Text

Amounts = Mapping[str, Decimal]

SENTENCES: Mapping[str, Text] = {
    "servers": _("With this there would be {wanted} servers, and the limit is {limit}. Ask support for more."),
    "cpu": _("With this there would be {wanted} processors, and the limit is {limit}. Ask support for more."),
    "ram_gb": _("With this there would be {wanted} GB of memory, and the limit is {limit} GB. Ask support for more."),
    "disk_gb": _("With this there would be {wanted} GB of disk, and the limit is {limit} GB. Ask support for more."),
    "networks": _("With this there would be {wanted} networks, and the limit is {limit}. Ask support for more."),
    "zones": _("With this there would be {wanted} zones, and the limit is {limit}. Ask support for more."),
}


class LimitReached(PortalError):
    """`facts`: which limit, how much it is, and how much there would be."""

    code, status, message = "limit_reached", 409, _("The limit is reached. Ask support for more.")


def require_room(customer_id: int, more: Amounts, used: Callable[[], Amounts]) -> None:
    """LimitReached if the customer may not have so much `more`; what shrinks or stays is never refused.

    Call it in the transaction that makes it: until its end nobody else's order of this customer is counted.
    """
    grows = {name: amount for name, amount in more.items() if amount > 0}
    if not grows:
        return
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    limits = Limits.objects.filter(customer_id=customer_id).first()
    bounds = {name: getattr(limits, name, None) for name in grows}
    if all(bound is None for bound in bounds.values()):
        return
    there = used()
    for name, amount in grows.items():
        wanted, bound = there.get(name, Decimal(0)) + amount, bounds[name]
        if bound is not None and wanted > bound:
            raise LimitReached(SENTENCES[name], which=name, limit=bound, wanted=plain(wanted))


def plain(amount: Decimal) -> str:
    """Without needless zeros: 4, 1.5."""
    return f"{amount.normalize():f}"
