"""The private networks' door for the clock."""

from celery import shared_task

from apps.networks.services import sync as refresh


@shared_task(name="networks.clock")
def tick() -> None:
    """Every few seconds: who is due?"""
    refresh.ask_where_due()


@shared_task(name="networks.sync")
def sync(account_id: int) -> None:
    """One refresh of one account's networks."""
    refresh.sync(account_id)
