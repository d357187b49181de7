"""The writes' door for the clock."""

from celery import shared_task

from apps.writes.services import settling


@shared_task(name="writes.clock")
def tick() -> None:
    """Every second: whose answer was lost?"""
    settling.ask_where_due()


@shared_task(name="writes.settle")
def settle(account_id: int) -> None:
    """One look for one account."""
    settling.settle(account_id)
