"""The Idempotency-Key header."""

import json
import re
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput
from apps.jobs.models import Job
from apps.jobs.services.once import Within, once

KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


def key_of(request: Request) -> str | None:
    """The header's key; None without one; 400 if it is none."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not KEY.match(given):
        raise InvalidInput(message=_("An Idempotency-Key has 1 to 255 printable characters, without spaces."))
    return given


def made(request: Request, actor: Actor, make: Callable[[Within | None], Job]) -> tuple[Job, bool]:
    """The job, and whether it is the one that a request with this key made before."""
    key = key_of(request)
    if key is None:
        return make(None), False
    asked = f"{request.method}\n{request.get_full_path()}\n{json.dumps(request.data, sort_keys=True)}"
    return once(actor, key, asked, make)
