"""Whether a customer's limits leave room for what an order will make: with what there is and what open jobs make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from apps.accounts.limits import require_room
from apps.jobs.models import Job
from apps.servers.models import Server

Kind = Job.Kind


@dataclass(frozen=True, slots=True)
class Size:
    """What one server counts for. An archived one keeps its disks and frees the rest."""

    servers: Decimal = Decimal(0)
    cpu: Decimal = Decimal(0)
    ram_gb: Decimal = Decimal(0)
    disk_gb: Decimal = Decimal(0)

    def amounts(self) -> dict[str, Decimal]:
        return {"servers": self.servers, "cpu": self.cpu, "ram_gb": self.ram_gb, "disk_gb": self.disk_gb}


def require(server: Server, kind: Kind, arguments: Mapping[str, Any]) -> None:
    """LimitReached if this order (its row not yet written) makes more than its customer may have.

    In the order's transaction: orders of one customer that make something stand in line here.
    """
    if server.customer_id is None or kind not in {Kind.CREATE, Kind.CLONE, Kind.RESIZE, Kind.RESTORE}:
        return
    require_room(server.customer_id, _growth(server, kind, arguments), partial(_used, server.customer_id))


def _growth(server: Server, kind: Kind, arguments: Mapping[str, Any]) -> dict[str, Decimal]:
    if kind in {Kind.CREATE, Kind.CLONE}:
        return _size_of(server, is_running=True).amounts()
    waiting = list(Job.objects.filter(server=server, status__in=Job.OPEN, kind__in=(Kind.RESIZE, Kind.RESTORE)))
    before = _planned(server, waiting).amounts()
    after = _planned(server, [*waiting, Job(kind=kind, arguments=dict(arguments))]).amounts()
    return {name: after[name] - before[name] for name in after}


def _used(customer_id: int) -> dict[str, Decimal]:
    """All that the customer has, and what open jobs will make of it."""
    waiting: dict[int, list[Job]] = {}
    jobs = Job.objects.filter(customer_id=customer_id, status__in=Job.OPEN, kind__in=(Kind.RESIZE, Kind.RESTORE))
    for job in jobs.only("kind", "server_id", "arguments"):
        waiting.setdefault(job.server_id or 0, []).append(job)
    total = Size().amounts()
    servers = Server.objects.filter(customer_id=customer_id, gone_at=None)
    for server in servers.only("status", "cpu", "ram_gb", "disks"):
        for name, amount in _planned(server, waiting.get(server.pk, [])).amounts().items():
            total[name] += amount
    return total


def _planned(server: Server, jobs: Iterable[Job]) -> Size:
    """The largest that the server is or will be."""
    jobs = list(jobs)
    comes_back = any(job.kind == Kind.RESTORE for job in jobs)
    size = _size_of(server, is_running=server.status != Server.Status.ARCHIVED or comes_back)
    for job in jobs:
        if job.kind == Kind.RESIZE:
            size = _larger(size, job.arguments)
    return size


def _size_of(server: Server, *, is_running: bool) -> Size:
    kept = Size(servers=Decimal(1), disk_gb=Decimal(server.disk_gb))
    return replace(kept, cpu=Decimal(server.cpu or 0), ram_gb=Decimal(server.ram_gb or 0)) if is_running else kept


def _larger(size: Size, asked: Mapping[str, Any]) -> Size:
    """Until it is done a server counts for both: what it has, and what it was asked to be."""
    disks = asked.get("disks")
    return replace(
        size,
        cpu=max(size.cpu, Decimal(asked.get("cpu") or 0)),
        ram_gb=max(size.ram_gb, Decimal(asked.get("ram_gb") or 0)),
        disk_gb=max(size.disk_gb, Decimal(sum(int(disk["size_gb"]) for disk in disks) if disks else 0)),
    )
