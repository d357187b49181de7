"""The samples' door for the clock."""

from celery import shared_task

from apps.statistics.services import sampling


@shared_task(name="statistics.clock")
def tick() -> None:
    """Every few seconds: whose minute has come?"""
    sampling.ask_where_due()


@shared_task(name="statistics.sample")
def sample(account_id: int) -> None:
    """One round of one account."""
    sampling.sample(account_id)


@shared_task(name="statistics.sample_server")
def sample_server(server_id: int) -> None:
    """One server, for somebody who looks."""
    sampling.sample_server(server_id)


@shared_task(name="statistics.forget_old")
def forget_old() -> None:
    """Once an hour."""
    sampling.forget_old()
