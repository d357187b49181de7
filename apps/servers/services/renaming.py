"""Another name for a server: ours at once; the upstream's own name is nobody's business."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.common.names import clean_name
from apps.events.services import record
from apps.servers import permissions
from apps.servers.models import Server


@transaction.atomic
def rename(actor: Actor, server: Server, name: object) -> None:
    """NotPermitted, InvalidInput; nothing is sent: the mirror keeps the customer's name until it changes upstream."""
    permissions.require(actor, "rename", server)
    wanted = clean_name(name)
    before, server.name = server.name, wanted
    if before != wanted:
        server.save(update_fields=["name"])
        record(
            "server.changed",
            reseller_id=server.reseller_id,
            customer_id=server.customer_id,
            actor_id=actor.user.pk,
            subject_kind="server",
            subject_id=server.pk,
            server_id=server.pk,
            before={"name": before},
            after={"status": server.status, "name": wanted},
        )
