"""The demo's people, servers and history; a second start finds them as they were left."""

import random
import tempfile
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from apps.common.ids import EPOCH_MS, RANDOM_BITS
from apps.events.models import Event
from apps.jobs.models import Job
from apps.jobs.services.telling import facts
from apps.operator import format as files
from apps.operator.applying import apply
from apps.resellers.models import Reseller
from apps.servers.models import Server

HERE = Path(__file__).resolve().parent
DAYS = 42
KINDS = ("start", "stop", "reboot", "reboot", "reinstall", "clone")
SECONDS = {"start": 3, "stop": 3, "reboot": 4, "pause": 3, "reinstall": 21, "clone": 18}


def demo(upstream: str, port: int) -> str:
    """Apply the demo's file and write its history once; the text with addresses and logins."""
    is_first = not Reseller.objects.exists()
    file = _file(upstream)
    apply(file, HERE)
    if is_first:
        _write_history()
    return _addresses(file, port)


def _file(upstream: str) -> files.File:
    text = (HERE / "demo.yaml").read_text(encoding="utf-8").replace("{upstream}", upstream)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as filled:
        filled.write(text)
        filled.flush()
        return files.read(Path(filled.name))


@transaction.atomic
def _write_history() -> None:
    """Some weeks of jobs, so that estimates and timelines have something to show."""
    draw = random.Random(7)  # noqa: S311 - the same demo each time
    jobs: list[Job] = []
    servers = list(Server.objects.select_related("customer").order_by("pk"))
    for server in servers:
        jobs += [_past_job(draw, server, servers) for _number in range(draw.randint(3, 8))]
    Job.objects.bulk_create(jobs, batch_size=200)
    Event.objects.bulk_create([_event(job) for job in sorted(jobs, key=lambda job: job.pk)], batch_size=200)


def _past_job(draw: random.Random, server: Server, servers: list[Server]) -> Job:
    kind = draw.choice(KINDS)
    created = timezone.now() - timedelta(seconds=draw.randint(3600, DAYS * 86400))
    took = timedelta(seconds=SECONDS[kind] * draw.uniform(0.8, 1.4))
    job = Job(pk=_id_at(draw, created.timestamp()), kind=kind, status=Job.Status.SUCCEEDED, server=server)
    job.customer, job.reseller_id, job.account_id = server.customer, server.reseller_id, server.account_id
    member = server.customer.memberships.order_by("pk").first() if server.customer else None
    job.requested_by_id = member.user_id if member else None
    job.created_at = job.started_at = created
    job.sent_at = job.accepted_at = created + timedelta(seconds=1)
    job.finished_at, job.was_answered = job.sent_at + took, True
    job.disk_gb = (5, 20, 40, 80)[int(server.upstream_id or 0) % 4]
    siblings = [other for other in servers if other.customer_id == server.customer_id and other.pk != server.pk]
    if kind == "clone":
        job.target = draw.choice(siblings)
    job.result = {"server": job.target_id or server.pk}
    return job


def _id_at(draw: random.Random, moment: float) -> int:
    return (int(moment * 1000) - EPOCH_MS) << RANDOM_BITS | draw.getrandbits(RANDOM_BITS)


def _event(job: Job) -> Event:
    return Event(
        kind="job.succeeded",
        created_at=job.finished_at or job.created_at,
        reseller_id=job.reseller_id,
        customer_id=job.customer_id,
        actor_id=job.requested_by_id,
        subject_kind="job",
        subject_id=job.pk,
        server_id=job.server_id,
        after=facts(job),
    )


def _addresses(file: files.File, port: int) -> str:
    lines = [""]
    for reseller in file.resellers:
        lines.append(f"{reseller.name}: " + "  ".join(f"http://{host}:{port}" for host in reseller.domains))
        people = [("admin", person) for person in reseller.admins]
        people += [(f"{user.role}, {part.name}", user) for part in reseller.customers for user in part.users]
        for role, person in people:
            token = f"  token {person.token}" if person.token else ""
            lines.append(f"  {person.email:22} {person.password:22} {role}{token}")
    return "\n".join([*lines, "Mail of the demo: /mailbox/ of each portal", ""])
