"""Rows as JSON. The two hot lists are written by hand; the serializers beside them describe them in the schema."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.images.models import Image, Iso, Template
from apps.jobs import words
from apps.jobs.models import Job
from apps.servers.models import Preset, Server

DISK_TYPES = [("ssd", "ssd"), ("hdd", "hdd")]
RESOURCE_STATES = [("active", "active"), ("pending", "pending"), ("gone", "gone")]


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, with Z."""
    return value.isoformat().replace("+00:00", "Z") if value else None


def job_json(job: Job, password: str | None = None) -> dict[str, Any]:
    """One job; `password` only in the answer to the order that made it."""
    result = dict(job.result)
    if password is not None:
        result["password"] = password
    return {
        "id": job.pk,
        "kind": job.kind,
        "status": job.status,
        "server": job.server_id,
        "target": job.target_id,
        "template": job.template_id,
        "iso": job.iso_id,
        "created_at": moment(job.created_at),
        "started_at": moment(job.started_at),
        "finished_at": moment(job.finished_at),
        "error": words.problem(job),
        "result": result,
    }


def server_json(server: Server, line: Iterable[Job]) -> dict[str, Any]:
    """One server with the job that is open on it, the active one first."""
    job = min(line, key=lambda job: (not job.is_active, job.pk), default=None)
    return {
        "id": server.pk,
        "name": server.name,
        "status": "busy" if server.is_pending else server.status,
        "gone": server.is_gone,
        "cpu": server.cpu,
        "ram_gb": float(server.ram_gb) if server.ram_gb is not None else None,
        "disks": [{name: disk[name] for name in ("size_gb", "type")} for disk in server.disks],
        "interfaces": [
            {"id": card.get("key"), **{name: card[name] for name in ("mac", "ip", "state")}}
            for card in server.interfaces
        ],
        "job": job_json(job) if job else None,
        "created_at": moment(server.created_at),
        "seen_at": moment(server.status_seen_at),
    }


def image_json(image: Image) -> dict[str, Any]:
    return {
        "id": image.pk,
        "name": image.shown_name,
        "description": image.description,
        "own": not image.is_system,
        "status": "pending" if image.is_pending else "gone" if image.gone_at else "active",
        "seen_at": moment(image.seen_at),
    }


def template_json(template: Template) -> dict[str, Any]:
    return {
        **image_json(template),
        "os": template.os,
        "min_disk_gb": template.min_disk_gb,
    }


def iso_json(iso: Iso) -> dict[str, Any]:
    return {**image_json(iso), "size_mb": iso.size_mb}


class ProblemOfJob(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class JobShape(serializers.Serializer[Job]):
    """A job: one run of an order, from asked to finished."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Job.Kind.choices)
    status = serializers.ChoiceField(Job.Status.choices)
    server = serializers.IntegerField(allow_null=True)
    target = serializers.IntegerField(allow_null=True, help_text="The server that it makes.")
    template = serializers.IntegerField(allow_null=True, help_text="The template that it makes.")
    iso = serializers.IntegerField(allow_null=True, help_text="The ISO image that it makes.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    error = ProblemOfJob(allow_null=True)
    result = serializers.DictField()


class DiskShape(serializers.Serializer[Any]):
    size_gb = serializers.IntegerField()
    type = serializers.CharField()


class InterfaceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True)
    mac = serializers.CharField()
    ip = serializers.CharField()
    state = serializers.CharField()


class ServerShape(serializers.Serializer[Server]):
    """A server as it was seen at `seen_at`."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.ChoiceField(Server.Status.choices)
    gone = serializers.BooleanField(help_text="It was there and is no longer; kept for its history.")
    cpu = serializers.IntegerField(allow_null=True)
    ram_gb = serializers.FloatField(allow_null=True)
    disks = DiskShape(many=True)
    interfaces = InterfaceShape(many=True)
    job = JobShape(allow_null=True)
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)


class ImageShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    own = serializers.BooleanField(help_text="The customer's, and nobody else's.")
    status = serializers.ChoiceField(RESOURCE_STATES)
    seen_at = serializers.DateTimeField(allow_null=True)


class TemplateShape(ImageShape):
    """An image that a server can be installed from."""

    os = serializers.CharField()
    min_disk_gb = serializers.IntegerField()


class IsoShape(ImageShape):
    """An image for a server's drive."""

    size_mb = serializers.IntegerField(allow_null=True)


class DiskOrder(serializers.Serializer[Any]):
    size_gb = serializers.IntegerField()
    type = serializers.ChoiceField(DISK_TYPES, required=False)


class NewServerShape(serializers.Serializer[Any]):
    """A name, and a preset or a size. With an image, a password unless one is to be made."""

    name = serializers.CharField()
    preset = serializers.IntegerField(required=False)
    cpu = serializers.IntegerField(required=False)
    ram_gb = serializers.FloatField(required=False)
    disks = DiskOrder(many=True, required=False)
    template = serializers.IntegerField(required=False)
    password = serializers.CharField(required=False)
    customer = serializers.IntegerField(required=False, help_text="Needed by whoever acts for several.")


class ServerNameShape(serializers.Serializer[Any]):
    name = serializers.CharField()


class PresetShape(serializers.Serializer[Preset]):
    """A size that servers are offered in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    cpu = serializers.IntegerField()
    ram_gb = serializers.FloatField()
    disk_gb = serializers.IntegerField()
    seen_at = serializers.DateTimeField()


def preset_json(preset: Preset) -> dict[str, Any]:
    size = {"cpu": preset.cpu, "ram_gb": float(preset.ram_gb), "disk_gb": preset.disk_gb}
    named = {"id": preset.pk, "name": preset.shown_name, "description": preset.description}
    return {**named, **size, "seen_at": moment(preset.seen_at)}


class OrderShape(serializers.Serializer[Any]):
    """Clone: name. Reinstall: template, and a password unless one is to be made. Resize: what changes. Else: empty."""

    name = serializers.CharField(required=False)
    template = serializers.IntegerField(required=False)
    password = serializers.CharField(required=False)
    cpu = serializers.IntegerField(required=False)
    ram_gb = serializers.FloatField(required=False)
    disks = DiskOrder(many=True, required=False)


class ProblemShape(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # type: ignore[assignment]
