"""A sign-in is worth something at one reseller only."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def login_stays_home(get_response: GetResponse) -> GetResponse:
    """Signs out whoever came with another reseller's session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reseller = getattr(request, "reseller", None)
        if reseller is not None and request.user.is_authenticated and request.user.reseller_id != reseller.pk:
            logout(request)
        return get_response(request)

    return middleware
