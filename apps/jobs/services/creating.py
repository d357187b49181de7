"""Ordering a new server."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.models import Customer
from apps.common import clock
from apps.common.errors import InvalidInput, Text
from apps.common.names import clean_name
from apps.events import request_ids
from apps.images.selectors import templates_for
from apps.jobs.models import Job
from apps.jobs.services import asking, room, sizes
from apps.jobs.services.orders import Ordered, save_target, write_down
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.servers.models import Preset, Server
from apps.servers.permissions import WHO_MAY
from apps.servers.selectors import presets_for
from apps.servers.services.accounts import account_for

FIELDS = ("name", "preset", "cpu", "ram_gb", "disks", "template", "password", "customer", "cputype")


def create(*, actor: Actor, arguments: Mapping[str, Any], within: Callable[[Job], None] | None = None) -> Ordered:
    """Order a server that is not there yet (add_server, documented but for template and password).

    Its row is the customer's from now on. NotPermitted, InvalidInput, Unavailable: nothing is sent and nothing written.
    """
    customer = acting.customer_for(actor, WHO_MAY["create"], arguments.get("customer"))
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in arguments if name not in FIELDS}
    if surplus:
        raise InvalidInput(surplus)
    server = Server(customer=customer, reseller_id=customer.reseller_id, name=clean_name(arguments.get("name")))
    preset = _preset(actor, arguments)
    server.account = preset.account if preset else _account(actor, customer, arguments.get("template"))
    _take_size(server, preset, arguments)
    cputype = _cputype(arguments.get("cputype"))
    asked = asking.system(actor, server, arguments)
    Gateway(server.account).journal()  # whether orders can be carried out at all is known before one is written
    job = _write(actor, server, preset, asked, cputype, within)
    return Ordered(job, asked.made_password)


def _preset(actor: Actor, arguments: Mapping[str, Any]) -> Preset | None:
    given = arguments.get("preset")
    if given is None:
        return None
    if any(name in arguments for name in ("cpu", "ram_gb", "disks")):
        raise InvalidInput({"preset": [_("Give a preset, or cpu, ram_gb and disks, and not both.")]})
    found = presets_for(actor).select_related("account").filter(pk=asking.number_of(given)).first()
    if found is None:
        raise InvalidInput({"preset": [_("There is no such preset. Choose one from the list.")]})
    return found


def _account(actor: Actor, customer: Customer, template: Any) -> UpstreamAccount:
    """That of the image, which can be installed nowhere else."""
    found = templates_for(actor).select_related("account").filter(pk=asking.number_of(template)).first()
    return found.account if found else account_for(customer)


def _take_size(server: Server, preset: Preset | None, arguments: Mapping[str, Any]) -> None:
    if preset is not None:
        server.cpu, server.ram_gb = preset.cpu, preset.ram_gb
        server.disks = [{"id": "", "size_gb": preset.disk_gb, "type": "ssd"}]
        return
    server.cpu, server.ram_gb = sizes.cpu_of(arguments.get("cpu")), sizes.ram_of(arguments.get("ram_gb"))
    server.disks = sizes.disks_of(arguments.get("disks"))


def _cputype(given: Any) -> int | None:
    """The vendor's classes of processors: 2 (from 2 GHz) and 3 (from 3 GHz)."""
    if given is not None and str(given) not in {"2", "3"}:
        raise InvalidInput({"cputype": [_("The class of processors is 2 or 3.")]})
    return int(given) if given is not None else None


@transaction.atomic
def _write(
    actor: Actor,
    server: Server,
    preset: Preset | None,
    asked: asking.Asked,
    cputype: int | None,
    within: Callable[[Job], None] | None,
) -> Job:
    room.require(server, Job.Kind.CREATE, {})
    save_target(server)
    job = Job(kind=Job.Kind.CREATE, server=server, target=server, customer=server.customer, requested_by=actor.user)
    job.reseller_id, job.account_id = server.reseller_id, server.account_id
    job.request_id, job.created_at, job.disk_gb = request_ids.current(), clock.now(), server.disk_gb
    size = sizes.as_sent(server.cpu, server.ram_gb, None if preset else server.disks)
    if cputype is not None:
        size["cputype"] = cputype
    job.parameters = {**size, **asked.parameters, "server_name": server.upstream_name}
    if preset is not None:
        job.parameters["preset"] = preset.upstream_id
    job.arguments = {"name": server.name, **asked.arguments, **({"preset": preset.pk} if preset else {})}
    job.secret = asked.secret
    write_down(job, within)
    return job
