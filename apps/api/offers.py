"""The REST door to the sizes that servers are offered in."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api import shapes
from apps.api.authentication import actor_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.servers.models import Preset
from apps.servers.offers import named
from apps.servers.selectors import preset_for, presets_for


class Presets(Listing):
    """Sizes that servers are offered in."""

    shape = shapes.PresetShape
    filters = {"name": None}
    ordering_fields = ("name", "cpu")
    ordering = "id"

    @extend_schema(
        operation_id="presets_list",
        parameters=[*LISTING, OpenApiParameter("name")],
        responses={200: shapes.PresetShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, named(presets_for(actor_of(request))))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(shown=value)

    def show(self, rows: Iterable[Preset]) -> list[dict[str, Any]]:
        return [shapes.preset_json(preset) for preset in rows]


class OnePreset(APIView):
    """One size."""

    @extend_schema(operation_id="presets_read", responses={200: shapes.PresetShape, **PROBLEMS})
    def get(self, request: Request, preset_id: int) -> Response:
        return Response(shapes.preset_json(preset_for(actor_of(request), preset_id)))
