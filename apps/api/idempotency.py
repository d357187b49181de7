"""The Idempotency-Key header."""

import json
import re
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.accounts.actor import Actor
from apps.accounts.services.once import Key
from apps.common.errors import InvalidInput
from apps.jobs.models import Job
from apps.jobs.services.once import Within, once

KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")


def key_of(request: Request) -> Key | None:
    """The header's key with what is asked under it; None without one; 400 if it is none."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not KEY.match(given):
        raise InvalidInput(message=_("An Idempotency-Key has 1 to 255 printable characters, without spaces."))
    return Key(given, f"{request.method}\n{request.get_full_path()}\n{json.dumps(request.data, sort_keys=True)}")


def made(request: Request, actor: Actor, make: Callable[[Within | None], Job]) -> tuple[Job, bool]:
    """The job, and whether it is the one that a request with this key made before."""
    key = key_of(request)
    return once(actor, key, make) if key else (make(None), False)
