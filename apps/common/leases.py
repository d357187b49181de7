"""A lease is two columns of a row: who holds it, until when. One holder at a time; a dead holder's lease runs out."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.common import clock


def take(row: models.Model, name: str, seconds: float) -> str | None:
    """Take the lease `name` (columns {name}_lease_by, {name}_lease_until); the holder's word, or None if held."""
    word = secrets.token_hex(8)
    free = Q(**{f"{name}_lease_until": None}) | Q(**{f"{name}_lease_until__lt": Now()})
    taken = _rows(row).filter(free).update(**_columns(name, word, clock.in_seconds(seconds)))
    return word if taken == 1 else None


def extend(row: models.Model, name: str, word: str, seconds: float) -> bool:
    """Hold it longer; False if it was lost meanwhile."""
    held = _rows(row).filter(**{f"{name}_lease_by": word})
    return held.update(**{f"{name}_lease_until": clock.in_seconds(seconds)}) == 1


def give_back(row: models.Model, name: str, word: str) -> None:
    """Free the lease if it is still ours."""
    _rows(row).filter(**{f"{name}_lease_by": word}).update(**_columns(name, "", None))


def _rows(row: models.Model) -> models.QuerySet[Any]:
    return type(row)._default_manager.filter(pk=row.pk)


def _columns(name: str, word: str, until: Any) -> dict[str, Any]:
    return {f"{name}_lease_by": word, f"{name}_lease_until": until}
