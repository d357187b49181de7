"""What the lists share: filters that are refused when unknown, order, cursor, and a choice of fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.pagination import Cursor
from apps.api.problems import TYPE
from apps.api.shapes import ProblemShape
from apps.common.errors import InvalidInput

PROBLEMS: dict[Any, Any] = {
    (code, TYPE): OpenApiResponse(ProblemShape) for code in (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
}
LISTING = [
    OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 200; 50 if absent"),
    OpenApiParameter("fields", OpenApiTypes.STR, description="names of fields, with commas: only these are answered"),
    OpenApiParameter("ordering", OpenApiTypes.STR, description="a field; with - in front the other way round"),
]
OF_EVERY_LIST = frozenset({"limit", "cursor", "ordering", "fields", "format"})
LONGEST = 200


def moment_of(name: str, value: str) -> datetime:
    """The moment that a filter names; it must say its zone."""
    try:
        at = parse_datetime(value)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidInput({name: [_("Give a moment with its zone, as 2026-01-31T12:00:00Z.")]})
    return at


class Listing(APIView):
    """A list; `filters` names what narrows it, with the allowed words where there are some."""

    shape: ClassVar[type[serializers.Serializer[Any]]]
    filters: ClassVar[Mapping[str, Sequence[str] | None]] = {}
    ordering_fields: ClassVar[Sequence[str]] = ()
    ordering: ClassVar[str] = "-id"

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        raise NotImplementedError

    def show(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def answer(self, request: Request, rows: QuerySet[Any]) -> Response:
        """One page of the narrowed list."""
        pages = Cursor()
        page = pages.paginate_queryset(self._narrowed(request, rows), request, view=self) or []
        fields = self._fields(request)
        shown = self.show(page)
        if fields:
            shown = [{name: row[name] for name in fields} for row in shown]
        return pages.get_paginated_response(shown)

    def _narrowed(self, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in request.query_params.dict().items():
            if name in OF_EVERY_LIST:
                continue
            if name not in self.filters:
                raise InvalidInput({name: [_("This list has no such filter.")]})
            allowed = self.filters[name]
            if (allowed is not None and value not in allowed) or "\x00" in value or len(value) > LONGEST:
                raise InvalidInput({name: [_("This value cannot be used here.")]})
            rows = self.narrow(rows, name, value)
        return rows

    def _fields(self, request: Request) -> list[str]:
        asked = [name for name in request.query_params.get("fields", "").split(",") if name]
        if any(name not in self.shape().fields for name in asked):
            raise InvalidInput({"fields": [_("There is no such field.")]})
        return asked
