"""The words for jobs and states, the same at every door and in every mail."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.common.errors import Text
from apps.jobs.models import Job
from apps.jobs.selectors import Estimate
from apps.notifications.words import FAILURES, UNKNOWN_FAILURE
from apps.servers.models import Server

Kind, Status, Power = Job.Kind, Job.Status, Server.Status

KINDS: Mapping[str, Text] = {
    Kind.START: lazy("Start"),
    Kind.STOP: lazy("Stop"),
    Kind.PAUSE: lazy("Pause"),
    Kind.REBOOT: lazy("Reboot"),
    Kind.CLONE: lazy("Clone"),
    Kind.REINSTALL: lazy("Reinstall"),
    Kind.CREATE: lazy("Create"),
    Kind.RESIZE: lazy("Resize"),
    Kind.ARCHIVE: lazy("Archive"),
    Kind.RESTORE: lazy("Restore"),
    Kind.DELETE: lazy("Delete"),
    Kind.CONNECT: lazy("Add an interface to"),
    Kind.MOVE: lazy("Move an interface of"),
    Kind.DISCONNECT: lazy("Remove an interface of"),
    Kind.LINK_UP: lazy("Switch on an interface of"),
    Kind.LINK_DOWN: lazy("Switch off an interface of"),
    Kind.TEMPLATE: lazy("Make an image of"),
    Kind.ISO: lazy("Fetch the image"),
}
VERBS: Mapping[str, Text] = {  # what a busy server is doing
    Kind.START: lazy("Starting"),
    Kind.STOP: lazy("Stopping"),
    Kind.PAUSE: lazy("Pausing"),
    Kind.REBOOT: lazy("Rebooting"),
    Kind.CLONE: lazy("Cloning"),
    Kind.REINSTALL: lazy("Reinstalling"),
    Kind.CREATE: lazy("Being made"),
    Kind.RESIZE: lazy("Resizing"),
    Kind.ARCHIVE: lazy("Being archived"),
    Kind.RESTORE: lazy("Being restored"),
    Kind.DELETE: lazy("Being deleted"),
    **dict.fromkeys((Kind.CONNECT, Kind.MOVE, Kind.DISCONNECT), lazy("Changing the network")),
    **dict.fromkeys((Kind.LINK_UP, Kind.LINK_DOWN), lazy("Changing the network")),
    Kind.TEMPLATE: lazy("An image is being made"),
}
STATUSES: Mapping[str, Text] = {
    Status.QUEUED: lazy("Waiting"),
    Status.SUBMITTING: lazy("Sending"),
    Status.RUNNING: lazy("In progress"),
    Status.UNCERTAIN: lazy("Being checked"),
    Status.SUCCEEDED: lazy("Done"),
    Status.FAILED: lazy("Failed"),
    Status.CANCELLED: lazy("Cancelled"),
}
POWER: Mapping[str, Text] = {
    Power.ON: lazy("Running"),
    Power.OFF: lazy("Stopped"),
    Power.PAUSED: lazy("Paused"),
    Power.BUSY: lazy("Busy"),
    Power.ARCHIVED: lazy("Archived"),
    Power.UNKNOWN: lazy("Unknown"),
}
DONE: Mapping[str, Text] = {
    Kind.START: lazy("{server} is running."),
    Kind.STOP: lazy("{server} is stopped."),
    Kind.PAUSE: lazy("{server} is paused."),
    Kind.REBOOT: lazy("{server} was rebooted and is running."),
    Kind.CLONE: lazy("{target} is ready."),
    Kind.REINSTALL: lazy("{server} was reinstalled."),
    Kind.CREATE: lazy("{target} is ready."),
    Kind.RESIZE: lazy("{server} has its new size."),
    Kind.ARCHIVE: lazy("{server} is archived."),
    Kind.RESTORE: lazy("{server} is back."),
    Kind.DELETE: lazy("{server} was deleted."),
    Kind.CONNECT: lazy("{server} has a new interface."),
    Kind.MOVE: lazy("An interface of {server} is in another network."),
    Kind.DISCONNECT: lazy("{server} has an interface less."),
    Kind.LINK_UP: lazy("An interface of {server} is on."),
    Kind.LINK_DOWN: lazy("An interface of {server} is off."),
    Kind.TEMPLATE: lazy("The image {target} is ready."),
    Kind.ISO: lazy("The image {target} is ready."),
}


def job_title(job: Job) -> str:
    """ "Clone web-1 to web-2"."""
    if job.target is not None and job.target_id != job.server_id:
        return _("Clone {server} to {target}").format(server=job.subject_name, target=job.target.name)
    if job.kind == Kind.TEMPLATE:
        return _("Make the image {image} of {server}").format(
            image=job.made.name if job.made else "", server=job.subject_name
        )
    return f"{KINDS[job.kind]} {job.subject_name}"


def status_word(status: str) -> str:
    return str(STATUSES[status])


def server_word(server: Server, open_job: Job | None = None) -> str:
    """The state in a word; of a server at work, what is being done to it."""
    if server.is_gone:
        return _("Gone at the provider")
    if open_job is not None and open_job.is_active:
        return str(VERBS[open_job.kind])
    if server.is_pending:
        return _("Waiting")
    return str(POWER.get(server.status, POWER[Power.UNKNOWN]))


def error_sentence(code: str) -> str:
    """What happened, what it means, what to do."""
    return str(FAILURES.get(code, UNKNOWN_FAILURE))


def sentence(job: Job, *, place: int = 1, estimate: Estimate | None = None) -> str:
    """Where the job stands, in a sentence."""
    if job.status == Status.QUEUED:
        return _waiting(place)
    if job.status == Status.SUBMITTING:
        return _("The order is being sent.")
    if job.status == Status.RUNNING:
        return usually(estimate, job.disk_gb)
    if job.status == Status.UNCERTAIN:
        return _uncertain(job)
    if job.status == Status.SUCCEEDED:
        return str(DONE[job.kind]).format(server=job.subject_name, target=job.made.name if job.made else "")
    if job.status == Status.CANCELLED:
        return _("Nothing was sent.")
    return error_sentence(job.error_code)


def _waiting(place: int) -> str:
    if place <= 1:
        return _("Next in line. It begins in a moment.")
    ahead = place - 1
    return ngettext(
        "In line: {ahead} job on this server runs first.",
        "In line: {ahead} jobs on this server run first.",
        ahead,
    ).format(ahead=ahead)


def _uncertain(job: Job) -> str:
    if job.doubt:
        return _(
            "We sent the order and did not hear back. It could not be found out whether it was carried out; support looks into it. It will not be sent twice."
        )
    return _(
        "We sent the order and did not hear back. We are checking whether it was carried out; it will not be sent twice."
    )


def usually(estimate: Estimate | None, disk_gb: int) -> str:
    """ "Usually 3–5 minutes for a 40 GB disk." Nothing is promised without past runs."""
    if estimate is None:
        return _("How long it takes is not known yet.")
    low, high = duration(estimate.median), duration(estimate.ninetieth)
    span = low if low == high else f"{low} – {high}"
    if not disk_gb:
        return _("Usually {span}.").format(span=span)
    return _("Usually {span} with {disk} GB of disk.").format(span=span, disk=disk_gb)


def duration(seconds: float) -> str:
    """ "40 s", "3 min", "1 h 10 min"."""
    whole = max(round(seconds), 1)
    if whole < 90:
        return _("{n} s").format(n=whole)
    minutes = round(whole / 60)
    if minutes < 90:
        return _("{n} min").format(n=minutes)
    return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def problem(job: Job) -> dict[str, Any] | None:
    """{"code", "message"} of a job that failed, else None."""
    return {"code": job.error_code, "message": error_sentence(job.error_code)} if job.error_code else None
