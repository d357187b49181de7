"""The row of an image to be: the customer's from the order on."""

import secrets
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.common.errors import PortalError
from apps.images.models import Image

Kind = TypeVar("Kind", bound=Image)


class ImageGone(PortalError):
    code, status = "image_gone", 409
    message = _("This image is no longer there, or not yet. Reload in a minute.")


def save_pending(image: Image) -> None:
    """Write it under an upstream name that no other image of the account has."""
    image.is_system = False
    image.upstream_name = free_name(image)
    try:
        with transaction.atomic():
            image.save(force_insert=True)
    except IntegrityError:  # somebody asked for the same name at the same moment
        image.upstream_name = _marked(image.name)
        image.save(force_insert=True)


def free_name(image: Image) -> str:
    """The image's name, with a mark if another of the account bears it: a lost answer is found by it."""
    others = type(image)._default_manager.filter(account_id=image.account_id, upstream_name=image.name, gone_at=None)
    return _marked(image.name) if others.exclude(pk=image.pk).exists() else image.name


def _marked(name: str) -> str:
    return f"{name}-{secrets.token_hex(3)}"


def require_own(image: Image) -> None:
    """ImageGone unless it is there; those of the system are nobody's to change."""
    if image.is_system or image.is_pending or image.gone_at is not None:
        raise ImageGone
