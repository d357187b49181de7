"""What every page request has: an id, a language, a time zone."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.events import request_ids

GetResponse = Callable[[HttpRequest], HttpResponse]
ID = re.compile(r"[A-Za-z0-9-]{8,36}\Z")
CHOSEN_LANGUAGE = "language"


def request_has_an_id(get_response: GetResponse) -> GetResponse:
    """One id from the click to the upstream call; a sensible one of the caller's is kept. Also: who we are not."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        chosen = request_ids.begin(given if ID.match(given) else "")
        response = get_response(request)
        response["X-Request-Id"] = chosen
        return response

    return middleware


def person_has_a_language(get_response: GetResponse) -> GetResponse:
    """The person's choice, else the browser's wish, else the brand's language; times in the person's zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = _language(request)
        with translation.override(language), timezone.override(_zone(request)):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


def _language(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    user = getattr(request, "user", None)
    wishes = [getattr(user, "language", ""), request.COOKIES.get(CHOSEN_LANGUAGE, "")]
    for wish in wishes:
        if wish in known:
            return wish
    for wish, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower()):
        word = wish.partition("-")[0]
        if word in known:
            return word
    reseller = getattr(request, "reseller", None)
    wish = reseller.brand.language if reseller is not None else settings.LANGUAGE_CODE
    return wish if wish in known else settings.LANGUAGE_CODE


def _zone(request: HttpRequest) -> ZoneInfo:
    user = getattr(request, "user", None)
    try:
        return ZoneInfo(getattr(user, "time_zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
