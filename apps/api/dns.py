"""The REST door to zones, records and reverse names."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api import changes
from apps.api.authentication import actor_of
from apps.api.changes import ChangeShape, body
from apps.api.idempotency import key_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.api.shapes import RESOURCE_STATES, moment
from apps.dns import selectors
from apps.dns.models import Record, ReverseName, Zone
from apps.dns.services import records, reverse, sync, zones


class ZoneShape(serializers.Serializer[Zone]):
    """A domain that is served."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Lower case; other scripts as xn--…")
    status = serializers.ChoiceField(RESOURCE_STATES)
    serial = serializers.CharField()
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class ZoneOrder(serializers.Serializer[Any]):
    name = serializers.CharField()
    customer = serializers.IntegerField(required=False, help_text="Needed by whoever acts for several.")


class RecordShape(serializers.Serializer[Record]):
    """A record; the name is relative to the zone, @ for the zone itself."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.ChoiceField(Record.Type.choices)
    value = serializers.CharField()
    ttl = serializers.IntegerField(allow_null=True)
    priority = serializers.IntegerField(allow_null=True)
    seen_at = serializers.DateTimeField()


class RecordOrder(serializers.Serializer[Any]):
    name = serializers.CharField(required=False)
    type = serializers.ChoiceField(Record.Type.choices)
    value = serializers.CharField()
    ttl = serializers.IntegerField(required=False)
    priority = serializers.IntegerField(required=False)


class ReverseNameShape(serializers.Serializer[ReverseName]):
    """The name to which an address leads back."""

    ip = serializers.IPAddressField()
    name = serializers.CharField()
    server = serializers.IntegerField()
    set_at = serializers.DateTimeField()


class ReverseNameOrder(serializers.Serializer[Any]):
    ip = serializers.IPAddressField()
    name = serializers.CharField()


def zone_json(zone: Zone) -> dict[str, Any]:
    status = "pending" if zone.is_pending else "gone" if zone.gone_at else "active"
    moments = {"created_at": moment(zone.created_at), "seen_at": moment(zone.seen_at)}
    return {"id": zone.pk, "name": zone.name, "status": status, "serial": zone.serial, **moments}


def record_json(record: Record) -> dict[str, Any]:
    facts = {name: getattr(record, name) for name in records.FIELDS}
    return {"id": record.pk, **facts, "seen_at": moment(record.seen_at)}


def reverse_name_json(row: ReverseName) -> dict[str, Any]:
    return {"ip": row.ip, "name": row.name, "server": row.server_id, "set_at": moment(row.set_at)}


class Zones(Listing):
    """Zones."""

    shape = ZoneShape
    filters = {"name": None, "q": None}
    ordering_fields = ("name", "created_at")
    ordering = "-id"

    @extend_schema(
        operation_id="zones_list",
        parameters=[*LISTING, OpenApiParameter("name"), OpenApiParameter("q", description="part of the name")],
        responses={200: ZoneShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.zones_for(actor_of(request)))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(name__icontains=value) if name == "q" else rows.filter(name=value.lower())

    def show(self, rows: Iterable[Zone]) -> list[dict[str, Any]]:
        return [zone_json(zone) for zone in rows]

    @extend_schema(
        operation_id="zones_add", request=ZoneOrder, responses={201: ZoneShape, 202: ChangeShape, **PROBLEMS}
    )
    def post(self, request: Request) -> Response:
        actor, given = actor_of(request), changes.only(body(request), "name", "customer")
        write = zones.add_zone(actor, given.get("name"), customer=given.get("customer"), key=key_of(request))
        return changes.made(write, "dns/zones", lambda: zone_json(selectors.zone_for(actor, write.subject_id)))


class OneZone(APIView):
    """One zone."""

    @extend_schema(operation_id="zones_read", responses={200: ZoneShape, **PROBLEMS})
    def get(self, request: Request, zone_id: int) -> Response:
        return Response(zone_json(selectors.zone_for(actor_of(request), zone_id)))

    @extend_schema(operation_id="zones_remove", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, zone_id: int) -> Response:
        actor = actor_of(request)
        return changes.removed(zones.remove_zone(actor, selectors.zone_for(actor, zone_id), key=key_of(request)))


class Records(Listing):
    """The records of a zone."""

    shape = RecordShape
    filters = {"name": None, "type": Record.Type.values}
    ordering_fields = ("name", "type")
    ordering = "id"

    @extend_schema(
        operation_id="records_list",
        parameters=[*LISTING, OpenApiParameter("name"), OpenApiParameter("type", enum=Record.Type.values)],
        responses={200: RecordShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request, zone_id: int) -> Response:
        zone = selectors.zone_for(actor_of(request), zone_id)
        sync.look(zone)
        return self.answer(request, selectors.records_of(zone))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{name: value})

    def show(self, rows: Iterable[Record]) -> list[dict[str, Any]]:
        return [record_json(record) for record in rows]

    @extend_schema(
        operation_id="records_add", request=RecordOrder, responses={201: RecordShape, 202: ChangeShape, **PROBLEMS}
    )
    def post(self, request: Request, zone_id: int) -> Response:
        actor = actor_of(request)
        zone = selectors.zone_for(actor, zone_id)
        write = records.add_record(actor, zone, body(request), key=key_of(request))
        address = f"dns/zones/{zone.pk}/records"
        return changes.made(write, address, lambda: record_json(selectors.record_of(zone, write.subject_id)))


class OneRecord(APIView):
    """One record."""

    def _record(self, request: Request, zone_id: int, record_id: int) -> Record:
        zone = selectors.zone_for(actor_of(request), zone_id)
        record = selectors.record_of(zone, record_id)
        record.zone = zone
        return record

    @extend_schema(operation_id="records_read", responses={200: RecordShape, **PROBLEMS})
    def get(self, request: Request, zone_id: int, record_id: int) -> Response:
        return Response(record_json(self._record(request, zone_id, record_id)))

    @extend_schema(
        operation_id="records_change", request=RecordOrder, responses={200: RecordShape, 202: ChangeShape, **PROBLEMS}
    )
    def patch(self, request: Request, zone_id: int, record_id: int) -> Response:
        record = self._record(request, zone_id, record_id)
        write = records.change_record(actor_of(request), record, body(request), key=key_of(request))
        return changes.changed(write, lambda: record_json(selectors.record_of(record.zone, record.pk)))

    @extend_schema(operation_id="records_remove", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, zone_id: int, record_id: int) -> Response:
        record = self._record(request, zone_id, record_id)
        return changes.removed(records.remove_record(actor_of(request), record, key=key_of(request)))


class ReverseNames(Listing):
    """Reverse names that were set here."""

    shape = ReverseNameShape
    ordering = "id"

    @extend_schema(
        operation_id="reverse_names_list",
        parameters=LISTING,
        responses={200: ReverseNameShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, reverse.reverse_names_for(actor_of(request)))

    def show(self, rows: Iterable[ReverseName]) -> list[dict[str, Any]]:
        return [reverse_name_json(row) for row in rows]

    @extend_schema(
        operation_id="reverse_names_set",
        request=ReverseNameOrder,
        responses={200: ReverseNameShape, 202: ChangeShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        actor, given = actor_of(request), changes.only(body(request), "ip", "name")
        write = reverse.set_reverse_name(actor, given.get("ip"), given.get("name"), key=key_of(request))
        return changes.changed(write, lambda: reverse_name_json(reverse.set_by(write)))
