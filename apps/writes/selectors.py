"""Looking writes up: for an actor, there is no other way."""

from django.db.models import QuerySet

from apps.accounts.actor import Actor
from apps.common.errors import NotFound
from apps.writes.models import Write


def writes_for(actor: Actor) -> QuerySet[Write]:
    """Writes of the actor's customers; of the whole house for the reseller's people."""
    house = Write.objects.filter(reseller_id=actor.reseller_id)
    return house if actor.is_staff else house.filter(customer__memberships__user=actor.user)


def write_for(actor: Actor, write_id: int) -> Write:
    """The write with this id. Hidden and missing look exactly alike: NotFound."""
    write = writes_for(actor).filter(pk=write_id).first()
    if write is None:
        raise NotFound
    return write
