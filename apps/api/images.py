"""The REST door to images: templates, ISO images, and what is in a server's drive."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.actor import Actor
from apps.api import changes, shapes
from apps.api.authentication import actor_of
from apps.api.changes import ChangeShape, body
from apps.api.idempotency import key_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.api.views import IDEMPOTENCY_KEY, order_anew, order_on
from apps.common.errors import InvalidInput, NotFound
from apps.images.models import Iso, Template
from apps.images.selectors import image_for, iso_in, isos_for, templates_for
from apps.images.services import drives, images
from apps.jobs.services.asking import number_of
from apps.jobs.services.fetching import fetch
from apps.jobs.services.orders import Ordered
from apps.servers.models import Server
from apps.servers.offers import named
from apps.servers.selectors import server_for

JOB: dict[str, Any] = {"parameters": [IDEMPOTENCY_KEY], "responses": {202: shapes.JobShape, **PROBLEMS}}
NAMES = [OpenApiParameter("q", description="part of the name"), OpenApiParameter("name", description="exact")]


class TemplateOrder(serializers.Serializer[Any]):
    server = serializers.IntegerField(help_text="It must be stopped.")
    name = serializers.CharField()


class ImageName(serializers.Serializer[Any]):
    name = serializers.CharField()


class IsoOrder(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField(help_text="http or https, public.")
    customer = serializers.IntegerField(required=False, help_text="Needed by whoever acts for several.")


class IsoChoice(serializers.Serializer[Any]):
    iso = serializers.IntegerField()


class Drive(serializers.Serializer[Any]):
    """What is in the drive of a server."""

    iso = shapes.IsoShape(allow_null=True)


class Images(Listing):
    """What both lists share."""

    filters = {"name": None, "q": None}
    ordering_fields = ("name",)
    ordering = "id"
    rows: Callable[[Actor], QuerySet[Any]]

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(shown__icontains=value) if name == "q" else rows.filter(shown=value)


class Templates(Images):
    """Images that servers can be installed from: the offered ones, and the customer's own."""

    shape = shapes.TemplateShape

    @extend_schema(
        operation_id="templates_list",
        parameters=[*LISTING, *NAMES],
        responses={200: shapes.TemplateShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, named(templates_for(actor_of(request))))

    def show(self, rows: Iterable[Template]) -> list[dict[str, Any]]:
        return [shapes.template_json(template) for template in rows]

    @extend_schema(operation_id="templates_make", request=TemplateOrder, **JOB)
    def post(self, request: Request) -> Response:
        given = changes.only(body(request), "server", "name")
        try:
            server = server_for(actor_of(request), number_of(given.get("server")))
        except NotFound:
            raise InvalidInput({"server": [_("There is no such server.")]}) from None
        arguments = {name: given[name] for name in ("name",) if name in given}
        return order_on(request, server.pk, "template", arguments)


class OneTemplate(APIView):
    """One template; own ones can be renamed and removed."""

    @extend_schema(operation_id="templates_read", responses={200: shapes.TemplateShape, **PROBLEMS})
    def get(self, request: Request, template_id: int) -> Response:
        return Response(_template(actor_of(request), template_id))

    @extend_schema(
        operation_id="templates_rename",
        request=ImageName,
        responses={200: shapes.TemplateShape, 202: ChangeShape, **PROBLEMS},
    )
    def patch(self, request: Request, template_id: int) -> Response:
        actor = actor_of(request)
        template, given = image_for(actor, Template, template_id), changes.only(body(request), "name")
        write = images.rename_template(actor, template, given.get("name"), key=key_of(request))
        return changes.changed(write, lambda: _template(actor, template_id))

    @extend_schema(operation_id="templates_remove", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, template_id: int) -> Response:
        actor = actor_of(request)
        template = image_for(actor, Template, template_id)
        return changes.removed(images.remove_template(actor, template, key=key_of(request)))


class Isos(Images):
    """ISO images: the offered ones, and the customer's own."""

    shape = shapes.IsoShape

    @extend_schema(
        operation_id="isos_list",
        parameters=[*LISTING, *NAMES],
        responses={200: shapes.IsoShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        return self.answer(request, named(isos_for(actor_of(request))))

    def show(self, rows: Iterable[Iso]) -> list[dict[str, Any]]:
        return [shapes.iso_json(iso) for iso in rows]

    @extend_schema(operation_id="isos_add", request=IsoOrder, **JOB)
    def post(self, request: Request) -> Response:
        actor = actor_of(request)

        def make(keep: Any) -> Ordered:
            return Ordered(fetch(actor=actor, arguments=body(request), within=keep))

        return order_anew(request, actor, make)


class OneIso(APIView):
    """One ISO image; own ones can be removed."""

    @extend_schema(operation_id="isos_read", responses={200: shapes.IsoShape, **PROBLEMS})
    def get(self, request: Request, iso_id: int) -> Response:
        return Response(shapes.iso_json(image_for(actor_of(request), Iso, iso_id)))

    @extend_schema(operation_id="isos_remove", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, iso_id: int) -> Response:
        actor = actor_of(request)
        return changes.removed(images.remove_iso(actor, image_for(actor, Iso, iso_id), key=key_of(request)))


class DriveOfServer(APIView):
    """The drive of a server: what is in it, put an image in, take it out."""

    @extend_schema(operation_id="drive_read", responses={200: Drive, **PROBLEMS})
    def get(self, request: Request, server_id: int) -> Response:
        return Response(_drive(server_for(actor_of(request), server_id)))

    @extend_schema(operation_id="drive_mount", request=IsoChoice, responses={200: Drive, 202: ChangeShape, **PROBLEMS})
    def post(self, request: Request, server_id: int) -> Response:
        actor = actor_of(request)
        server, given = server_for(actor, server_id), changes.only(body(request), "iso")
        write = drives.mount(actor, server, given.get("iso"), key=key_of(request))
        return changes.changed(write, lambda: _drive(server_for(actor, server_id)))

    @extend_schema(operation_id="drive_unmount", responses={204: None, 202: ChangeShape, **PROBLEMS})
    def delete(self, request: Request, server_id: int) -> Response:
        actor = actor_of(request)
        return changes.removed(drives.unmount(actor, server_for(actor, server_id), key=key_of(request)))


def _template(actor: Actor, template_id: int) -> dict[str, Any]:
    return shapes.template_json(image_for(actor, Template, template_id))


def _drive(server: Server) -> dict[str, Any]:
    iso = iso_in(server)
    return {"iso": shapes.iso_json(iso) if iso else None}
