"""What happened to a server, in sentences: who ordered what, and what was seen."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.events.models import Event
from apps.jobs import words
from apps.servers.models import Server

SHOWN = 12
KINDS = ("job.queued", "job.cancelled", "job.failed", "job.succeeded", "server.changed")


def activity(actor: Actor, server: Server) -> list[tuple[datetime, str]]:
    """The newest events of a server that the actor may see: two queries, however many."""
    events = Event.objects.filter(server_id=server.pk, reseller_id=server.reseller_id, kind__in=KINDS)
    if not actor.is_staff:
        events = events.filter(staff_only=False, customer_id=server.customer_id)
    rows = list(events.order_by("-pk")[:SHOWN])
    people = _people(actor, rows)
    return [(event.created_at, _sentence(event, people)) for event in rows]


def _people(actor: Actor, events: Iterable[Event]) -> dict[int, str]:
    ids = {event.actor_id for event in events if event.actor_id}
    users = User.objects.filter(pk__in=ids, reseller_id=actor.reseller_id)
    return {user.pk: _name(actor, user) for user in users}


def _name(actor: Actor, user: User) -> str:
    """Customers see each other by address, and the reseller's people as support."""
    if user.pk == actor.user.pk:
        return _("you")
    return _("support") if user.is_staff_member and not actor.is_staff else user.email


def _sentence(event: Event, people: dict[int, str]) -> str:
    if event.kind == "server.changed":
        state = str(words.POWER.get(event.after.get("status", ""), words.POWER["unknown"]))
        return _("Seen: {state}").format(state=state)
    what = str(words.KINDS.get(event.after.get("kind", ""), event.after.get("kind", "")))
    if event.kind == "job.queued":
        who = people.get(event.actor_id or 0)
        return (
            _("{what}: ordered by {who}").format(what=what, who=who) if who else _("{what}: ordered").format(what=what)
        )
    return f"{what}: {words.status_word(event.kind.removeprefix('job.')).lower()}"
