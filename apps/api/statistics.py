"""The REST door to what servers were doing."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.authentication import actor_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.api.shapes import moment
from apps.common.errors import InvalidInput
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
        try:
            at = parse_datetime(value)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise InvalidInput({name: [_("Give a moment with its zone, as 2026-01-31T12:00:00Z.")]})
        return rows.filter(at__gte=at) if name == "since" else rows.filter(at__lt=at)

    def show(self, rows: Iterable[Sample]) -> list[dict[str, Any]]:
        return [{"at": moment(row.at), **{name: getattr(row, name) for name in COUNTERS}} for row in rows]
