"""The zones' door for the clock."""

from celery import shared_task

from apps.dns.services import sync as refresh


@shared_task(name="dns.clock")
def tick() -> None:
    """Every few seconds: who is due?"""
    refresh.ask_where_due()


@shared_task(name="dns.sync")
def sync(account_id: int) -> None:
    """One refresh of one account's zones."""
    refresh.sync(account_id)


@shared_task(name="dns.sync_records")
def sync_records(zone_id: int) -> None:
    """One refresh of one zone's records."""
    refresh.sync_records(zone_id)
