"""The host decides the reseller; a host that nobody has gets nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.cache import patch_vary_headers

from apps.resellers.hosts import reseller_by_host
from apps.resellers.proxies import believe_trusted

GetResponse = Callable[[HttpRequest], HttpResponse]
FOR_EVERYBODY = frozenset({"/healthz", "/readyz"})  # balancers come by address, or by any name


def host_names_reseller(get_response: GetResponse) -> GetResponse:
    """Sets `request.reseller`. Unknown hosts get 404 without a word about who we are.

    It stands before everything that answers, redirects or asks whether the connection is secure.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        believe_trusted(request.META)
        if request.path in FOR_EVERYBODY:
            request.META["HTTP_HOST"] = "localhost"  # or a name with an underscore would be refused further in
            return get_response(request)
        reseller = reseller_by_host(split_domain_port(request.META.get("HTTP_HOST", ""))[0])
        if reseller is None:
            return unknown_host()
        request.reseller = reseller  # type: ignore[attr-defined]
        response = get_response(request)
        patch_vary_headers(response, ["Host"])
        return response

    return middleware


def unknown_host() -> HttpResponse:
    """Not a word about who we are."""
    return HttpResponse("Not found\n", status=404, content_type="text/plain")


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the connection's, or what a trusted proxy says."""
    return str(request.META.get("REMOTE_ADDR", ""))
