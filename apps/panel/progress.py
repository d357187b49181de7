"""How far a running job is, by how long such jobs took: never at the end before the end."""

from dataclasses import dataclass
from datetime import datetime

from apps.common import clock
from apps.jobs.models import Job
from apps.jobs.selectors import Estimate

BY_THE_MEDIAN, AT_MOST = 75, 95  # percent


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` now, and what the page needs to move it on."""

    since: datetime
    median: float
    ninetieth: float
    percent: int
    is_late: bool  # longer than nine of ten


def progress(job: Job, estimate: Estimate | None) -> Progress | None:
    """None where nothing honest can be said: not running, or no past runs."""
    if job.status != Job.Status.RUNNING or job.sent_at is None or estimate is None:
        return None
    age = max((clock.now() - job.sent_at).total_seconds(), 0.0)
    percent = _percent(age, estimate.median, estimate.ninetieth)
    return Progress(job.sent_at, estimate.median, estimate.ninetieth, percent, age > estimate.ninetieth)


def _percent(age: float, median: float, ninetieth: float) -> int:
    """Three quarters by the median, then slower; `static/js/portal.js` goes on by the same rule."""
    if age <= median:
        return round(age / max(median, 1) * BY_THE_MEDIAN)
    slow = max(ninetieth - median, median / 2, 1)
    return round(BY_THE_MEDIAN + min((age - median) / slow, 1) * (AT_MOST - BY_THE_MEDIAN))
