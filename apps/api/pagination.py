"""Lists by cursor: {"results": […], "next": URL or null}."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound as DRFNotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.errors import InvalidInput

LARGEST = 200


class Cursor(CursorPagination):
    """`?limit=` 1 to 200, 50 if absent; a cursor that is none of ours is 400."""

    page_size = 50
    ordering = "-id"
    page_size_query_param = "limit"

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= LARGEST:
            raise InvalidInput({"limit": [_("A limit is 1 to 200.")]})
        return int(given)

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except DRFNotFound:
            raise InvalidInput({"cursor": [_("This cursor is not valid. Begin again without it.")]}) from None

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """What was asked, if the view offers it, then the id."""
        offered: Sequence[str] = getattr(view, "ordering_fields", ())
        asked = [word for word in request.query_params.get("ordering", "").split(",") if word]
        if any(word.removeprefix("-") not in offered for word in asked):
            raise InvalidInput({"ordering": [_("This list is not ordered by that.")]})
        return (*asked, getattr(view, "ordering", self.ordering)) if asked else (getattr(view, "ordering", "-id"),)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": ["string", "null"], "format": "uri"}},
        }
