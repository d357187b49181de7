"""Reading an order's arguments: what the customer said becomes what will be sent."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, Text
from apps.common.names import clean_name
from apps.images.models import Template
from apps.images.selectors import templates_for_server
from apps.jobs.models import Job
from apps.jobs.services import interfaces, sizes
from apps.servers.models import Server

PASSWORD = re.compile(r"[\x21-\x7e]{10,64}\Z")
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Asked:
    """`arguments` in our ids, `parameters` as sent; `made_password` is shown to the customer once."""

    arguments: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    secret: str = ""
    made_password: str | None = None
    target_name: str = ""


def read(actor: Actor, server: Server, kind: Job.Kind, given: Mapping[str, Any]) -> Asked:
    """What this order asks, checked; InvalidInput names each wrong field. Nothing is sent and nothing written."""
    readers = {
        Job.Kind.CLONE: _clone,
        Job.Kind.TEMPLATE: _clone,
        Job.Kind.REINSTALL: _reinstall,
        Job.Kind.RESIZE: _resize,
    }
    if kind in interfaces.ACTIONS:
        return Asked(*interfaces.read(actor, server, kind, given))
    reader = readers.get(kind, _nothing)
    return reader(actor, server, given)


def _only(given: Mapping[str, Any], *names: str) -> None:
    surplus: dict[str, list[Text]] = {name: [_("There is no such field.")] for name in given if name not in names}
    if surplus:
        raise InvalidInput(surplus)


def _nothing(actor: Actor, server: Server, given: Mapping[str, Any]) -> Asked:
    _only(given)
    return Asked()


def _clone(actor: Actor, server: Server, given: Mapping[str, Any]) -> Asked:
    _only(given, "name")
    name = clean_name(given.get("name"))
    return Asked(arguments={"name": name}, target_name=name)


def _resize(actor: Actor, server: Server, given: Mapping[str, Any]) -> Asked:
    """Some of processors, memory and disks; what is not said stays."""
    _only(given, "cpu", "ram_gb", "disks")
    if not given:
        raise InvalidInput({"cpu": [_("Say what is to change: cpu, ram_gb or disks.")]})
    cpu = sizes.cpu_of(given["cpu"]) if "cpu" in given else None
    ram = sizes.ram_of(given["ram_gb"]) if "ram_gb" in given else None
    disks = sizes.disks_of(given["disks"], server.disks) if "disks" in given else None
    kept = {"cpu": cpu, "ram_gb": str(ram) if ram is not None else None, "disks": disks}
    return Asked(
        arguments={name: value for name, value in kept.items() if value is not None},
        parameters=sizes.as_sent(cpu, ram, disks),
    )


def system(actor: Actor, server: Server, given: Mapping[str, Any]) -> Asked:
    """The template and the password of a server to be, if it shall have a system."""
    if given.get("template") is None:
        if given.get("password"):
            raise InvalidInput({"password": [_("Without an image there is nothing that a password would open.")]})
        return Asked()
    chosen = {name: given[name] for name in ("template", "password") if name in given}
    return _reinstall(actor, server, chosen)


def _reinstall(actor: Actor, server: Server, given: Mapping[str, Any]) -> Asked:
    _only(given, "template", "password")
    template = _template(actor, server, given.get("template"))
    made = None if given.get("password") else _make_password()
    password = made or _password(given["password"])
    return Asked(
        arguments={"template": template.pk},
        parameters={"template": template.upstream_id},
        secret=password,
        made_password=made,
    )


def number_of(given: Any) -> int:
    """The id that was given; 0, which nothing has, if it is none."""
    is_id = isinstance(given, int | str) and not isinstance(given, bool) and re.fullmatch(r"\d{1,18}", str(given))
    return int(given) if is_id else 0


def _template(actor: Actor, server: Server, given: Any) -> Template:
    """The template, if it is offered on this server and fits its disks."""
    template = templates_for_server(actor, server).filter(pk=number_of(given)).first()
    if template is None:
        raise InvalidInput(
            {"template": [_("There is no such image. Choose one from the list.")]}, code="unknown_template"
        )
    if template.min_disk_gb > server.disk_gb:
        message = _(
            "Not enough disk for this image. {image} needs {needs} GB, {server} has {has} GB. Choose another image or resize the server."
        )
        facts = {
            "image": template.name,
            "needs": template.min_disk_gb,
            "server": server.name,
            "has": server.disk_gb,
        }
        raise InvalidInput({"template": [str(message).format(**facts)]}, message, code="disk_too_small", **facts)
    return template


def _password(given: Any) -> str:
    if not isinstance(given, str) or not PASSWORD.match(given):
        raise InvalidInput(
            {"password": [_("A password has 10 to 64 characters: Latin letters, digits and signs, without spaces.")]}
        )
    return given


def _make_password() -> str:
    """20 characters that cannot be mistaken for one another: 116 bits."""
    return "".join(secrets.choice(ALPHABET) for _position in range(20))
