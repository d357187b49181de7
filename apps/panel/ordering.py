"""An order from a page: once, however often its form is sent."""

import json
import re
from datetime import timedelta
from typing import Any

from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.fields import decrypt, encrypt
from apps.jobs.models import Job
from apps.jobs.services import orders
from apps.jobs.services.once import Within, once
from apps.panel.people import PageRequest
from apps.servers.models import Server

SHOWN_FOR = timedelta(minutes=10)
ONCE = re.compile(r"[0-9a-f]{24}\Z")


def place(request: PageRequest, server: Server, kind: str, arguments: dict[str, Any]) -> Job:
    """Order it; a second sending of the same form finds the first one's job."""

    def make(within: Within | None) -> Job:
        ordered = orders.order(
            actor=request.actor,
            server=server,
            kind=kind,
            arguments=arguments,
            queue=request.POST.get("queue") == "1",
            within=within,
        )
        if ordered.password is not None:
            _remember(request, ordered.job, ordered.password)
        return ordered.job

    word = request.POST.get("once", "")
    if not ONCE.match(word):
        return make(None)
    return once(request.actor, Key(f"form:{word}", json.dumps([server.pk, kind])), make)[0]


def _remember(request: PageRequest, job: Job, password: str) -> None:
    """Keep a password that was made, encrypted in the session of the one who ordered, for a short while."""
    request.session[_kept_as(job)] = encrypt(password)


def made_password(request: PageRequest, job: Job) -> str | None:
    """The password that was made for this job: for the one who ordered, until hidden, ten minutes at most."""
    kept = request.session.get(_kept_as(job))
    return decrypt(kept) if kept and clock.now() - job.created_at < SHOWN_FOR else None


def hide_password(request: PageRequest, job: Job) -> None:
    """It was read: it is kept nowhere any more."""
    request.session.pop(_kept_as(job), None)


def _kept_as(job: Job) -> str:
    return f"password:{job.pk}"
