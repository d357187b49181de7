"""The mirror's door for the clock: names, and nothing else."""

from celery import shared_task

from apps.servers.services import presets
from apps.servers.services import sync as refresh


@shared_task(name="servers.clock")
def tick() -> None:
    """Each second: who is due?"""
    refresh.ask_where_due()


@shared_task(name="servers.presets_clock")
def presets_tick() -> None:
    """Every few seconds: whose presets are due?"""
    presets.ask_where_due()


@shared_task(name="servers.sync_presets")
def sync_presets(account_id: int) -> None:
    """One refresh of one account's presets."""
    presets.sync(account_id)


@shared_task(name="servers.sync")
def sync(account_id: int) -> None:
    """One refresh of one account."""
    refresh.sync(account_id)
