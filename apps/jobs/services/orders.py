"""Ordering and cancelling: the only way in which a job comes to be."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.common import clock
from apps.common.errors import ServerBusy, WrongState
from apps.common.queue import send_after_commit
from apps.events import request_ids
from apps.images.models import Template
from apps.images.permissions import WHO_MAY as IMAGES
from apps.images.services.making import save_pending
from apps.jobs import states
from apps.jobs.commands import ORDERS, Order
from apps.jobs.models import Job
from apps.jobs.services import asking, room
from apps.jobs.services.preflight import look
from apps.jobs.services.telling import tell
from apps.resellers.models import UpstreamAccount
from apps.servers import permissions
from apps.servers.models import Server

LONGEST_LINE = 10


@dataclass(frozen=True, slots=True)
class Ordered:
    """The job, and the password that was made for it: this is the only time that it can be read."""

    job: Job
    password: str | None = None


def order(
    *,
    actor: Actor,
    server: Server,
    kind: str,
    arguments: Mapping[str, Any],
    queue: bool = False,
    within: Callable[[Job], None] | None = None,
) -> Ordered:
    """Order a job on a server that the actor sees. `within` runs in the transaction that makes it.

    Refused in this order: NotPermitted, InvalidInput, then ServerBusy or WrongState by a fresh look, or Unavailable;
    a refusal writes nothing. On a busy server the order is refused, or with `queue` joins the line.
    """
    permissions.require(actor, kind, server)
    rules = ORDERS[Job.Kind(kind)]
    asked = asking.read(actor, server, Job.Kind(kind), arguments)
    _refuse_what_is_not_there(server)
    if not _line(server, queue=queue):
        look(server, rules)
    job = _write(actor, server, Job.Kind(kind), asked, rules, queue=queue, within=within)
    return Ordered(job, asked.made_password)


def look_first(actor: Actor, server: Server, kind: str) -> None:
    """Whether such an order would be refused now: for whoever has something else to do before it."""
    permissions.require(actor, kind, server)
    _refuse_what_is_not_there(server)
    _line(server, queue=False)
    look(server, ORDERS[Job.Kind(kind)])


def _refuse_what_is_not_there(server: Server) -> None:
    if server.is_gone:
        raise WrongState(_("This server no longer exists. It is kept for its history."), code="server_gone")
    if server.is_pending:
        raise WrongState(_("This server is still being made. Wait until it is ready."), code="server_not_ready")


def _line(server: Server, *, queue: bool) -> int:
    """How many jobs are open on the server; ServerBusy if this order may not join them."""
    length = Job.objects.filter(server=server, status__in=Job.OPEN).count()
    if length and not queue:
        raise ServerBusy
    if length >= LONGEST_LINE:
        raise ServerBusy(_("Ten jobs already wait for this server. Wait until some have ended."), code="line_full")
    return length


@transaction.atomic
def _write(
    actor: Actor,
    server: Server,
    kind: Job.Kind,
    asked: asking.Asked,
    rules: Order,
    *,
    queue: bool,
    within: Callable[[Job], None] | None,
) -> Job:
    Server.objects.select_for_update().get(pk=server.pk)  # two clicks at once stand in line here
    _line(server, queue=queue)
    room.require(server, kind, asked.arguments)
    job = Job(kind=kind, server=server, customer_id=server.customer_id, requested_by=actor.user)
    job.reseller_id, job.account_id = server.reseller_id, server.account_id
    job.request_id, job.created_at, job.disk_gb = request_ids.current(), clock.now(), server.disk_gb
    job.arguments, job.parameters, job.secret = asked.arguments, asked.parameters, asked.secret
    if rules.makes_a_server:
        job.target = _target(server, asked.target_name)
        job.parameters = {**job.parameters, "server_name": job.target.upstream_name}
    if kind == Job.Kind.TEMPLATE:
        job.template = Template(account_id=server.account_id, customer_id=server.customer_id, name=asked.target_name)
        save_pending(job.template)
        job.parameters = {**job.parameters, "name": job.template.upstream_name}
    write_down(job, within)
    return job


def write_down(job: Job, within: Callable[[Job], None] | None) -> None:
    """The end of every order's transaction: the row, its event, and who hurries it."""
    job.save(force_insert=True)
    if within is not None:
        within(job)
    tell(job, "job.queued")
    UpstreamAccount.objects.filter(pk=job.account_id).update(next_tick_at=job.created_at)
    send_after_commit("jobs.submit", job.pk)


def _target(server: Server, name: str) -> Server:
    """The row of the copy to be: the customer's from now on."""
    target = Server(reseller_id=server.reseller_id, account_id=server.account_id, customer_id=server.customer_id)
    target.name = name
    target.cpu, target.ram_gb, target.disks = server.cpu, server.ram_gb, server.disks
    target.template_upstream_id = server.template_upstream_id
    save_target(target)
    return target


def save_target(target: Server) -> None:
    """Write the row of a server to be, under an upstream name that no other server of the account has."""
    taken = Server.objects.filter(account_id=target.account_id, upstream_name=target.name).exists()
    target.upstream_name = f"{target.name}-{_mark()}" if taken else target.name
    try:
        with transaction.atomic():
            target.save(force_insert=True)
    except IntegrityError:  # somebody asked for the same name at the same moment
        target.upstream_name = f"{target.name}-{_mark()}"
        target.save(force_insert=True)


def _mark() -> str:
    return secrets.token_hex(3)


def require_may(actor: Actor, job: Job) -> None:
    """NotPermitted unless the actor may order such a job."""
    if job.server is not None:
        permissions.require(actor, job.kind, job.server)
    else:
        acting.require(actor, IMAGES["add_iso"], job.customer_id)


@transaction.atomic
def cancel(*, actor: Actor, job: Job) -> Job:
    """Take a job out of the line. Once it is being sent it can no longer be cancelled: WrongState."""
    require_may(actor, job)
    if job.status != Job.Status.QUEUED or not states.move(
        job, Job.Status.CANCELLED, finished_at=clock.now(), secret=""
    ):
        raise WrongState(_("Only a job that waits can be cancelled; this one was already sent."), code="not_queued")
    if job.made is not None:
        made = type(job.made)._default_manager.filter(pk=job.made.pk, upstream_id=None)
        made.update(gone_at=job.finished_at)
    tell(job, "job.cancelled", before=Job.Status.QUEUED)
    return job
