"""The vendor's protocol: how a call is read and how an answer is written."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse

from apps.rpc import codes

MOST_PARAMETERS = 200
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


class Refusal(Exception):
    """A refusal of the protocol itself; `parameter` names what was wrong."""

    def __init__(self, code: str, parameter: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.parameter, self.retry_after = code, parameter, retry_after


def read(request: HttpRequest) -> dict[str, Any]:
    """All parameters: query, form or JSON body, and those in the parameter `json`. Refusal if one comes twice."""
    given: dict[str, Any] = {}
    _add(given, parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True))
    if request.method == "POST":
        _add(given, _posted(request))
    if "json" in given:
        inner = _object(given.pop("json"))
        _add(given, inner.items())
    return given


def _posted(request: HttpRequest) -> Iterable[tuple[str, Any]]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Refusal(codes.TOO_LARGE)
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refusal(codes.TOO_LARGE) from None
    if request.content_type == "application/json" or body.lstrip()[:1] in {b"{", b"["}:
        return _object(body).items()
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refusal(codes.NOT_AN_OBJECT) from None


def _object(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal(codes.NOT_AN_OBJECT)
    return found


def _add(given: dict[str, Any], pairs: Iterable[tuple[str, Any]]) -> None:
    for name, value in pairs:
        if name in given:
            raise Refusal(codes.SURPLUS_PARAMETER, name if name != "sess" else "")
        if isinstance(value, str) and "\x00" in value:
            raise Refusal(codes.BAD_PARAMETER, name)
        given[name] = value


def answer(login: str, data: Any = None, **more: Any) -> JsonResponse:
    """It worked."""
    body: Mapping[str, Any] = {"success": True, **({"data": data} if data is not None else {}), "login": login, **more}
    return JsonResponse(body, headers=HEADERS)


def refuse(
    login: str, code: str, message: str = "", parameter: str = "", retry_after: int | None = None
) -> JsonResponse:
    """It did not: HTTP 200, as at the vendor; a plain sentence and the parameter's name stand beside the code."""
    body = {"success": False, "data": code, "login": login, "message": message or codes.MEANINGS[code]}
    if parameter:
        body["parameter"] = parameter
    headers = {**HEADERS, "Retry-After": str(retry_after)} if retry_after else HEADERS
    return JsonResponse(body, headers=headers)
