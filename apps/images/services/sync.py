"""Templates and ISO images of an upstream account become our rows; one call an account and kind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.common import clock
from apps.common.errors import Unavailable
from apps.images.models import Image, Iso, Template
from apps.resellers import rounds
from apps.resellers.gateway import Gateway
from apps.resellers.models import UpstreamAccount
from apps.upstream.listings import RemoteIso, read_isos
from apps.upstream.values import RemoteTemplate

EVERY, UNTIL_THERE_ARE_SOME = 600, 20  # seconds
VANISHED_AFTER = timedelta(seconds=15)


def ask_where_due() -> None:
    """Ask a worker to refresh the images of each account whose time has come; sooner where there are none yet."""
    rounds.ask_where_due("images.sync", EVERY)
    known = Template.objects.values("account_id")
    for account_id in UpstreamAccount.objects.exclude(pk__in=known).values_list("pk", flat=True):
        rounds.soon("images.sync", account_id, not_sooner=UNTIL_THERE_ARE_SOME)


def sync(account_id: int) -> None:
    """Refresh the images of one account (get_templates, get_isos)."""
    account = UpstreamAccount.objects.filter(pk=account_id).first()
    if account is None:
        return
    gateway, began = Gateway(account), clock.now()
    try:
        _write(account, Template, gateway.templates(), began)
        began = clock.now()
        _write(account, Iso, gateway.read_as(read_isos, "get_isos"), began)
    except Unavailable:
        return


@transaction.atomic
def _write(
    account: UpstreamAccount, kind: type[Template | Iso], listed: Sequence[RemoteTemplate | RemoteIso], began: datetime
) -> None:
    rows = kind._default_manager.select_for_update().filter(account=account)
    known = {image.upstream_id: image for image in rows.exclude(upstream_id=None)}
    pending = {image.upstream_name: image for image in rows.filter(upstream_id=None, gone_at=None)}
    for remote in listed:
        image = known.get(remote.id) or pending.get(remote.name) or kind(account=account)
        if image.seen_at is None or image.seen_at < began:  # what was written since is newer than this list
            _take(image, remote, began)
    missing = rows.filter(gone_at=None).exclude(upstream_id=None)
    missing = missing.exclude(upstream_id__in=[remote.id for remote in listed])
    missing.filter(Q(seen_at__lt=began - VANISHED_AFTER) | Q(seen_at=None)).update(gone_at=began)


def _take(image: Image, remote: RemoteTemplate | RemoteIso, began: datetime) -> None:
    """The name that the customer gave stays until it changes upstream."""
    if remote.name != image.upstream_name:
        image.name = remote.name or image.name
        image.upstream_name = remote.name
    image.upstream_id, image.is_system = remote.id, remote.owner == "system"
    for name, value in _facts(remote).items():
        setattr(image, name, value)
    image.seen_at, image.gone_at = began, None
    image.save()


def _facts(remote: RemoteTemplate | RemoteIso) -> dict[str, Any]:
    if isinstance(remote, RemoteIso):
        return {"size_mb": remote.size_mb}
    return {"os": remote.os, "min_disk_gb": remote.min_disk_gb or 0}
