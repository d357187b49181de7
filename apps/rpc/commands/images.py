"""Templates and ISO images."""

from collections.abc import Mapping
from typing import Any

from apps.common.errors import NotFound
from apps.images.models import Image, Iso, Template
from apps.images.selectors import image_for, iso_in, isos_for, templates_for
from apps.images.services import drives, images
from apps.jobs.services.fetching import fetch
from apps.jobs.services.orders import order
from apps.rpc.handlers import Caller, Handler, id_of, settled
from apps.servers.selectors import server_for


def get_templates(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**_image(caller, row), "os": row.os, "min_hdd": row.min_disk_gb}
        for row in templates_for(caller.actor).exclude(upstream_id=None).order_by("pk")
    ]


def get_isos(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = isos_for(caller.actor).exclude(upstream_id=None).order_by("pk")
    return [{**_image(caller, row), "size": row.size_mb} for row in rows]


def _image(caller: Caller, row: Image) -> dict[str, Any]:
    owner = "system" if row.is_system else caller.actor.user.email
    return {"id": str(row.pk), "name": row.shown_name, "owner": owner}


def add_template(caller: Caller, given: Mapping[str, Any]) -> str:
    """The template's id, at once; it is listed when it is there."""
    server = server_for(caller.actor, id_of(given["id"]))
    ordered = order(actor=caller.actor, server=server, kind="template", arguments={"name": given["name"]})
    return str(ordered.job.template_id)


def update_template(caller: Caller, given: Mapping[str, Any]) -> str:
    template = image_for(caller.actor, Template, id_of(given["template"]))
    settled(images.rename_template(caller.actor, template, given["name"]))
    return "ok"


def del_template(caller: Caller, given: Mapping[str, Any]) -> str:
    settled(images.remove_template(caller.actor, image_for(caller.actor, Template, id_of(given["template"]))))
    return "ok"


def add_iso(caller: Caller, given: Mapping[str, Any]) -> str:
    """The image's id, at once; it is listed when it is there."""
    return str(fetch(actor=caller.actor, arguments=given).iso_id)


def del_iso(caller: Caller, given: Mapping[str, Any]) -> str:
    settled(images.remove_iso(caller.actor, image_for(caller.actor, Iso, id_of(given["iso"]))))
    return "ok"


def mount_iso(caller: Caller, given: Mapping[str, Any]) -> str:
    server = server_for(caller.actor, id_of(given["id"]))
    iso = image_for(caller.actor, Iso, id_of(given["iso"]))
    settled(drives.mount(caller.actor, server, iso.pk))
    return "ok"


def umount_iso(caller: Caller, given: Mapping[str, Any]) -> str:
    """Whatever is in the drive, or only this one."""
    server = server_for(caller.actor, id_of(given["id"]))
    if "iso" in given:
        there = iso_in(server)
        if there is None or there.pk != id_of(given["iso"]):
            raise NotFound
    settled(drives.unmount(caller.actor, server))
    return "ok"


HANDLERS: Mapping[str, Handler] = {
    "get_templates": get_templates,
    "get_isos": get_isos,
    "add_template": add_template,
    "update_template": update_template,
    "del_template": del_template,
    "add_iso": add_iso,
    "del_iso": del_iso,
    "mount_iso": mount_iso,
    "umount_iso": umount_iso,
}
