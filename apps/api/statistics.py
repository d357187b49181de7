"""The REST door to what servers were doing."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.authentication import actor_of
from apps.api.listing import LISTING, PROBLEMS, Listing, moment_of
from apps.api.shapes import moment
from apps.servers.selectors import server_for
from apps.statistics.models import Sample
from apps.statistics.selectors import samples_of
from apps.statistics.services.sampling import look

COUNTERS = ("cpu_percent", "rx_bytes", "tx_bytes", "read_bytes", "written_bytes")


class SampleShape(serializers.Serializer[Sample]):
    """Counters at one moment. Bytes count up from the start of the server: what flowed is the difference of two."""

    at = serializers.DateTimeField()
    cpu_percent = serializers.FloatField(allow_null=True)
    rx_bytes = serializers.IntegerField(allow_null=True)
    tx_bytes = serializers.IntegerField(allow_null=True)
    read_bytes = serializers.IntegerField(allow_null=True)
    written_bytes = serializers.IntegerField(allow_null=True)


class Metrics(Listing):
    """Samples of a server, newest first: one a minute for a week, more often while somebody looks."""

    shape = SampleShape
    filters = {"since": None, "until": None}
    ordering_fields = ("at",)
    ordering = "-at"

    @extend_schema(
        operation_id="servers_metrics",
        parameters=[
            *LISTING,
            OpenApiParameter("since", OpenApiTypes.DATETIME),
            OpenApiParameter("until", OpenApiTypes.DATETIME),
        ],
        responses={200: SampleShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request, server_id: int) -> Response:
        server = server_for(actor_of(request), server_id)
        look(server)
        return self.answer(request, samples_of(server))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        at = moment_of(name, value)
        return rows.filter(at__gte=at) if name == "since" else rows.filter(at__lt=at)

    def show(self, rows: Iterable[Sample]) -> list[dict[str, Any]]:
        return [{"at": moment(row.at), **{name: getattr(row, name) for name in COUNTERS}} for row in rows]
