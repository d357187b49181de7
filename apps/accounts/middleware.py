"""A sign-in is worth something at one reseller only, and people see where they are signed in."""

from collections.abc import Callable
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = 60  # seconds; a write with each page would cost more than the page


def login_stays_home(get_response: GetResponse) -> GetResponse:
    """Signs out whoever came with another reseller's session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reseller = getattr(request, "reseller", None)
        if reseller is not None and request.user.is_authenticated and request.user.reseller_id != reseller.pk:
            logout(request)
        return get_response(request)

    return middleware


def sign_in_is_seen(get_response: GetResponse) -> GetResponse:
    """Notes when, and from where, a sign-in was used last."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if (
            key
            and request.user.is_authenticated
            and cache.add(f"seen:{sha256(key.encode()).hexdigest()}", 1, SEEN_EVERY)
        ):
            UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware
