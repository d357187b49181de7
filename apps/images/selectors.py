"""Templates that an actor may install from."""

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.images.models import Template
from apps.servers.models import Server
from apps.servers.selectors import servers_for


def templates_for(actor: Actor) -> QuerySet[Template]:
    """System templates of the accounts where the actor has servers (without any: of all), and the customer's own.

    The reseller's people see the house's.
    """
    house = Template.objects.filter(account__reseller_id=actor.reseller_id, gone_at=None)
    if actor.is_staff:
        return house
    mine = Q(customer__memberships__user=actor.user)
    accounts = servers_for(actor).filter(gone_at=None).values("account_id")
    offered = Q(is_system=True, account_id__in=accounts) if accounts.exists() else Q(is_system=True)
    return house.filter(mine | offered).distinct()


def template_for(actor: Actor, template_id: int) -> Template:
    """The template with this id of ours. Hidden and missing look exactly alike: NotFound."""
    template = templates_for(actor).filter(pk=template_id).first()
    if template is None:
        raise NotFound
    return template


def templates_for_server(actor: Actor, server: Server) -> QuerySet[Template]:
    """Those that can be installed on this server, as far as its account has them."""
    own = Q(customer_id=server.customer_id) if server.customer_id else Q(pk__in=[])
    here = Template.objects.filter(account_id=server.account_id, account__reseller_id=actor.reseller_id, gone_at=None)
    return here.filter(Q(is_system=True) | own).order_by("name", "id")
