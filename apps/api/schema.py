"""OpenAPI 3.1, in the reseller's name, and pages to read it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

EVENTS = {
    "get": {
        "operationId": "events_stream",
        "description": "Server-sent events of what the caller may see. `Last-Event-ID` resumes; drop repeats by id.",
        "parameters": [{"name": "Last-Event-ID", "in": "header", "schema": {"type": "integer"}}],
        "tags": ["events"],
        "security": [{"token": []}],
        "responses": {
            "200": {"description": "A stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
        },
    }
}


class Schema(SpectacularAPIView):
    """The whole door, for machines. It is public: it holds nothing of anybody."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [OpenApiJsonRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        brand = request._request.reseller.brand  # type: ignore[attr-defined]
        response.data["info"]["title"] = f"{brand.name} API"
        response.data["paths"]["/api/v1/events/"] = EVENTS
        return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same, for people."""
    return render(request, "api/docs.html")
