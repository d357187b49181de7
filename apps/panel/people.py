"""A request of somebody who is signed in."""

from django.http import HttpRequest

from apps.accounts.actor import Actor
from apps.accounts.models import User


class PageRequest(HttpRequest):
    """What views behind `for_people` get."""

    actor: Actor
    user: User
