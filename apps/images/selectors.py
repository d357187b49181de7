"""Images that an actor may use: for an actor, there is no other way."""

from typing import TypeVar

from django.db.models import Q, QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.images.models import Image, Iso, Template
from apps.servers.models import Server
from apps.servers.selectors import servers_for

Kind = TypeVar("Kind", bound=Image)


def images_for(actor: Actor, kind: type[Kind]) -> QuerySet[Kind]:
    """Offered ones of the system in the accounts where the actor has servers (without any: in all), and own ones.

    The reseller's people see the house's.
    """
    house = kind._default_manager.filter(account__reseller_id=actor.reseller_id, gone_at=None)
    if actor.is_staff:
        return house
    mine = Q(customer__in=actor.user.memberships.values("customer_id"))
    accounts = servers_for(actor).filter(gone_at=None).values("account_id")
    offered = Q(is_system=True, offered=True)
    return house.filter(mine | (offered & Q(account_id__in=accounts) if accounts.exists() else offered))


def templates_for(actor: Actor) -> QuerySet[Template]:
    return images_for(actor, Template)


def isos_for(actor: Actor) -> QuerySet[Iso]:
    return images_for(actor, Iso)


def image_for(actor: Actor, kind: type[Kind], image_id: int) -> Kind:
    """The image with this id of ours. Hidden and missing look exactly alike: NotFound."""
    found = images_for(actor, kind).select_related("account", "customer").filter(pk=image_id).first()
    if found is None:
        raise NotFound
    return found


def images_for_server(actor: Actor, server: Server, kind: type[Kind]) -> QuerySet[Kind]:
    """Those that can be used on this server: there already, offered or its customer's own, as its account has them."""
    own = Q(customer_id=server.customer_id) if server.customer_id else Q(pk__in=[])
    here = kind._default_manager.filter(account_id=server.account_id, account__reseller_id=actor.reseller_id)
    offered = Q(is_system=True) if actor.is_staff else Q(is_system=True, offered=True)
    return here.filter(offered | own, gone_at=None).exclude(upstream_id=None).order_by("name", "id")


def templates_for_server(actor: Actor, server: Server) -> QuerySet[Template]:
    return images_for_server(actor, server, Template)


def iso_in(server: Server) -> Iso | None:
    """The image in the server's drive, if it is known here."""
    rows = Iso.objects.filter(account_id=server.account_id, upstream_id=server.iso_upstream_id)
    return rows.first() if server.iso_upstream_id else None
