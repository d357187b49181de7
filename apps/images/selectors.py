"""Templates that an actor may install from."""

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.images.models import Template
from apps.servers.models import Server


def templates_for(actor: Actor) -> QuerySet[Template]:
    """System templates of the accounts where the actor has servers, and the customer's own; staff see the house's."""
    house = Template.objects.filter(account__reseller_id=actor.reseller_id, gone_at=None)
    if actor.is_staff:
        return house
    mine = Q(customer__memberships__user=actor.user)
    offered = Q(is_system=True, account__servers__customer__memberships__user=actor.user)
    return house.filter(mine | offered).distinct()


def templates_for_server(actor: Actor, server: Server) -> QuerySet[Template]:
    """Those that can be installed on this server, as far as its account has them."""
    own = Q(customer_id=server.customer_id) if server.customer_id else Q(pk__in=[])
    here = Template.objects.filter(account_id=server.account_id, account__reseller_id=actor.reseller_id, gone_at=None)
    return here.filter(Q(is_system=True) | own).order_by("name", "id")
