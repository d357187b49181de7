"""The templates' door for the clock."""

from celery import shared_task

from apps.images.services import sync as refresh


@shared_task(name="images.clock")
def tick() -> None:
    """Every few seconds: who is due?"""
    refresh.ask_where_due()


@shared_task(name="images.sync")
def sync(account_id: int) -> None:
    """One refresh of one account's templates."""
    refresh.sync(account_id)
