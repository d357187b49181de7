"""The contracts' door for the clock."""

from celery import shared_task

from apps.billing.services import sync as refresh


@shared_task(name="billing.clock")
def tick() -> None:
    """Every few seconds: who is due?"""
    refresh.ask_where_due()


@shared_task(name="billing.sync")
def sync(account_id: int) -> None:
    """One refresh of one account's contracts."""
    refresh.sync(account_id)
