"""Changes that are made at once: the result, or a 202 with a row to follow where the answer was lost."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.authentication import actor_of
from apps.api.listing import LISTING, PROBLEMS, Listing
from apps.api.shapes import ProblemOfJob, moment
from apps.common.errors import InvalidInput, Text
from apps.writes import words
from apps.writes.models import Write
from apps.writes.selectors import write_for, writes_for


class ChangeShape(serializers.Serializer[Write]):
    """A change whose answer was lost: it is looked up and ends as done or failed, mostly within 30 seconds."""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="What is changed: zone, record, network, …")
    subject = serializers.IntegerField(help_text="The id of what is changed, or of what is made.")
    status = serializers.ChoiceField(Write.Status.choices)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    error = ProblemOfJob(allow_null=True)


def change_json(write: Write) -> dict[str, Any]:
    return {
        "id": write.pk,
        "kind": write.subject_kind,
        "subject": write.subject_id,
        "status": write.status,
        "created_at": moment(write.created_at),
        "finished_at": moment(write.finished_at),
        "error": words.problem(write),
    }


def body(request: Request) -> dict[str, Any]:
    """The JSON object that came."""
    return cast(dict[str, Any], request.data)


def only(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object, if it has no other fields than these."""
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in given if name not in names}
    if surplus:
        raise InvalidInput(surplus)
    return given


def made(write: Write, address: str, show: Callable[[], dict[str, Any]]) -> Response:
    """201 with what was made, or 202 with the change to follow."""
    if write.status != Write.Status.DONE:
        return followed(write)
    return Response(show(), status=201, headers={"Location": f"/api/v1/{address}/{write.subject_id}/"})


def changed(write: Write, show: Callable[[], dict[str, Any]]) -> Response:
    """200 with what it is now, or 202 with the change to follow."""
    return Response(show()) if write.status == Write.Status.DONE else followed(write)


def removed(write: Write) -> Response:
    """204, or 202 with the change to follow."""
    return Response(status=204) if write.status == Write.Status.DONE else followed(write)


def followed(write: Write) -> Response:
    return Response(change_json(write), status=202, headers={"Location": f"/api/v1/changes/{write.pk}/"})


class Changes(Listing):
    """Changes, newest first."""

    shape = ChangeShape
    filters = {"status": Write.Status.values}
    ordering_fields = ("id",)
    ordering = "-id"

    @extend_schema(operation_id="changes_list", parameters=LISTING, responses={200: ChangeShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        return self.answer(request, writes_for(actor_of(request)))

    def narrow(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{name: value})

    def show(self, rows: Iterable[Write]) -> list[dict[str, Any]]:
        return [change_json(write) for write in rows]


class OneChange(APIView):
    """One change."""

    @extend_schema(operation_id="changes_read", responses={200: ChangeShape, **PROBLEMS})
    def get(self, request: Request, change_id: int) -> Response:
        return Response(change_json(write_for(actor_of(request), change_id)))
