"""Ordering an ISO image from an address."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.common import clock
from apps.common.addresses import NotOpen, require_open
from apps.common.errors import InvalidInput, Text
from apps.common.names import clean_name
from apps.events import request_ids
from apps.images.models import Iso
from apps.images.permissions import WHO_MAY
from apps.images.services.making import save_pending
from apps.jobs.models import Job
from apps.jobs.services.orders import write_down
from apps.resellers.gateway import Gateway
from apps.servers.services.accounts import account_for

FIELDS = ("name", "url", "customer")


def fetch(*, actor: Actor, arguments: Mapping[str, Any], within: Callable[[Job], None] | None = None) -> Job:
    """Order an image (add_iso, inferred); its row is the customer's from now on.

    NotPermitted, InvalidInput, Unavailable: nothing is sent and nothing written. Only http and https, and never to an
    address that is not public.
    """
    customer = acting.customer_for(actor, WHO_MAY["add_iso"], arguments.get("customer"))
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in arguments if name not in FIELDS}
    if surplus:
        raise InvalidInput(surplus)
    name, url = clean_name(arguments.get("name")), _address(arguments.get("url"))
    account = account_for(customer)
    Gateway(account).journal()  # whether orders can be carried out at all is known before one is written
    job = Job(kind=Job.Kind.ISO, account=account, reseller_id=account.reseller_id, customer=customer)
    job.iso = Iso(account=account, customer=customer, name=name)
    job.requested_by, job.request_id, job.created_at = actor.user, request_ids.current(), clock.now()
    job.arguments = {"name": name}
    with transaction.atomic():
        save_pending(job.iso)
        job.parameters = {"url": url, "name": job.iso.upstream_name}
        write_down(job, within)
    return job


def _address(given: Any) -> str:
    """http or https to a public host; the reason of a refusal does not say what is where inside."""
    try:
        require_open(given if isinstance(given, str) else "")
    except NotOpen:
        message = _("Give the public address of an image, beginning with http:// or https://.")
        raise InvalidInput({"url": [message]}) from None
    return str(given)
