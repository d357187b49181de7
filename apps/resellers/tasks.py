"""The sessions' door for the clock."""

from celery import shared_task

from apps.resellers.services import keeping


@shared_task(name="resellers.keep_sessions")
def keep_sessions() -> None:
    """Each minute: renew what ends soon, or warn."""
    keeping.keep_sessions()
