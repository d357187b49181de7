"""The jobs' door for the clock and the broker: names, and nothing else."""

from celery import shared_task

from apps.jobs.services import submission, ticks


@shared_task(name="jobs.clock")
def clock() -> None:
    """Each second: which account is due?"""
    ticks.ask_where_due()


@shared_task(name="jobs.tick")
def tick(account_id: int) -> None:
    """One look at all open jobs of one account."""
    ticks.tick(account_id)


@shared_task(name="jobs.submit")
def submit(job_id: int) -> None:
    """Send one job, if it is due."""
    submission.submit(job_id)
