"""Looking contracts and money up: for an actor, there is no other way.

Who sees a contract: the owners of the customer to whom it is mapped, and the reseller's people.
"""

from django.db.models import F, Q, QuerySet

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.billing.models import Contract, File, Line
from apps.common.errors import NotFound


def contracts_for(actor: Actor) -> QuerySet[Contract]:
    """Contracts that are mapped to the actor's customers; all of the house for the reseller's people."""
    house = Contract.objects.filter(reseller_id=actor.reseller_id)
    if actor.is_staff:
        return house
    owns = Membership.objects.filter(user=actor.user, role=Membership.Role.OWNER).values("customer_id")
    return house.filter(customer_id__in=owns)


def contract_for(actor: Actor, contract_id: int) -> Contract:
    """The contract with this id. Hidden and missing look exactly alike: NotFound."""
    contract = contracts_for(actor).filter(pk=contract_id).first()
    if contract is None:
        raise NotFound
    return contract


def files_for(actor: Actor) -> QuerySet[File]:
    """Files of contracts that the actor sees."""
    return File.objects.filter(contract__in=contracts_for(actor))


def file_for(actor: Actor, file_id: int) -> File:
    """The file with this id, or NotFound."""
    file = files_for(actor).select_related("contract__account").filter(pk=file_id).first()
    if file is None:
        raise NotFound
    return file


def lines_for(actor: Actor, kind: Line.Kind) -> QuerySet[Line]:
    """Payments, charges or bills of contracts that the actor sees; charges only of the customer's own servers."""
    lines = Line.objects.filter(contract__in=contracts_for(actor), kind=kind)
    if kind == Line.Kind.CHARGE and not actor.is_staff:
        lines = lines.filter(Q(server__customer_id=F("contract__customer_id")))
    return lines
