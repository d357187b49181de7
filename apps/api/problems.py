"""Every failure as RFC 9457 problem details, with a stable code. Missing and hidden are alike to the byte."""

import logging
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from apps.common.errors import InvalidInput, NotFound, PortalError

TYPE = "application/problem+json"
CODES = {
    "authentication_failed": "invalid_token",
    "permission_denied": "not_permitted",
    "parse_error": "not_json",
    "throttled": "too_many_requests",
}
log = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The body: type, title, status, code, detail, and which fields were wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return {**body, "errors": errors} if errors else body


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: what we chose, and what DRF chose, in one shape; anything else is a bug and a bare 500."""
    if isinstance(exc, Http404):
        exc = NotFound()
    if isinstance(exc, PortalError):
        return _respond(_of_ours(exc), _headers(getattr(exc, "retry_after", None)))
    if isinstance(exc, exceptions.APIException):
        return _respond(_of_drf(exc), _drf_headers(exc))
    log.error("unexpected", exc_info=exc)
    return _respond(problem(500, "internal_error", _("Something broke on our side. It has been written down.")), {})


def _respond(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=TYPE)


def _of_ours(exc: PortalError) -> dict[str, Any]:
    errors = []
    if isinstance(exc, InvalidInput):
        errors = [
            {"pointer": f"#/{name}", "code": exc.code, "detail": str(text)}
            for name, texts in exc.errors.items()
            for text in texts
        ]
    return problem(exc.status, exc.code, str(exc), errors)


def _of_drf(exc: exceptions.APIException) -> dict[str, Any]:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else "invalid_input"
    detail = str(exc.detail) if isinstance(codes, str) else _("Some of what was sent cannot be used.")
    errors = []
    if isinstance(exc.detail, dict):
        errors = [
            {"pointer": f"#/{name}", "code": "invalid_input", "detail": str(text)}
            for name, texts in exc.detail.items()
            for text in (texts if isinstance(texts, list) else [texts])
        ]
    return problem(exc.status_code, CODES.get(code, code), detail, errors)


def _drf_headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = _headers(getattr(exc, "wait", None))
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return headers


def _headers(retry_after: float | None) -> dict[str, str]:
    return {"Retry-After": str(int(retry_after) + 1)} if retry_after is not None else {}


def plain(body: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    """The same bytes as DRF would write, where DRF is not asked."""
    content = JSONRenderer().render(body)
    return HttpResponse(content, status=body["status"], content_type=TYPE, headers=headers)


def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Whatever is asked for under /api/v1/ and is not there looks like a missing object."""
    missing = NotFound()
    return plain(problem(missing.status, missing.code, str(missing)))
