"""Renaming and removing own templates, removing own ISO images."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from apps.accounts import acting
from apps.accounts.actor import Actor
from apps.accounts.services.once import Key
from apps.common import clock
from apps.common.errors import NotFound, PortalError
from apps.common.names import clean_name
from apps.images.models import Image, Iso, Template
from apps.images.permissions import WHO_MAY
from apps.images.services.making import free_name, require_own
from apps.resellers.gateway import Gateway
from apps.servers.models import Server
from apps.upstream.listings import read_isos
from apps.writes.deeds import Deed, Happened, Look, removed
from apps.writes.models import Write
from apps.writes.services.sending import Change, again, made_before, send

Facts = Mapping[str, object]


class ImageInUse(PortalError):
    code, status = "image_in_use", 409
    message = _("This image is in a server's drive. Take it out first.")


def rename_template(actor: Actor, template: Template, name: object, *, key: Key | None = None) -> Write:
    """Another name (update_template, inferred). NotFound of a system's template, which no customer may touch."""
    _require(actor, "rename_template", template)
    wanted = clean_name(name)
    if found := made_before(actor, key):
        return again(found)
    require_own(template)
    sent = free_name(Template(pk=template.pk, account_id=template.account_id, name=wanted))
    facts = {"name": wanted, "sent": sent, "before": template.name}
    return _send(actor, "update_template", template, {"template": template.upstream_id, "name": sent}, facts, key)


def remove_template(actor: Actor, template: Template, *, key: Key | None = None) -> Write:
    """Gone (del_template, inferred); servers that were installed from it stay as they are."""
    _require(actor, "remove_template", template)
    if found := made_before(actor, key):
        return again(found)
    require_own(template)
    parameters = {"template": template.upstream_id}
    return _send(actor, "del_template", template, parameters, {"name": template.name}, key)


def remove_iso(actor: Actor, iso: Iso, *, key: Key | None = None) -> Write:
    """Gone (del_iso, inferred); not while it is in a drive."""
    _require(actor, "remove_iso", iso)
    if found := made_before(actor, key):
        return again(found)
    require_own(iso)
    if Server.objects.filter(account_id=iso.account_id, iso_upstream_id=iso.upstream_id, gone_at=None).exists():
        raise ImageInUse
    return _send(actor, "del_iso", iso, {"iso": iso.upstream_id}, {"name": iso.name}, key)


def _require(actor: Actor, deed: str, image: Image) -> None:
    """What is the system's, or nobody's, is for the reseller's people alone to see as a thing that can be changed."""
    if image.customer_id is None and not actor.is_staff:
        raise NotFound
    acting.require(actor, WHO_MAY[deed], image.customer_id)


def _send(
    actor: Actor,
    command: str,
    image: Image,
    parameters: Mapping[str, object],
    facts: Mapping[str, object],
    key: Key | None,
) -> Write:
    kind = "iso" if isinstance(image, Iso) else "template"
    return send(actor, Change(command, image.account, image.customer_id, kind, image.pk, parameters, facts), key)


def _find_renamed(write: Write, gateway: Gateway) -> Happened | Look:
    names = {template.id: template.name for template in gateway.templates(fresh=True)}
    return Happened() if names.get(write.parameters["template"]) == write.facts["sent"] else Look.ABSENT


def _find_removed(write: Write, gateway: Gateway) -> Happened | Look:
    return removed({template.id for template in gateway.templates(fresh=True)}, write.parameters["template"])


def _find_iso_removed(write: Write, gateway: Gateway) -> Happened | Look:
    listed = gateway.read_as(read_isos, "get_isos", fresh=True)
    return removed({iso.id for iso in listed}, write.parameters["iso"])


def _renamed(write: Write, _upstream_id: str) -> None:
    rows = Template.objects.filter(pk=write.subject_id)
    rows.update(name=write.facts["name"], upstream_name=write.facts["sent"], seen_at=clock.now())


def _removed(write: Write, _upstream_id: str) -> None:
    kind = Iso if write.subject_kind == "iso" else Template
    kind._default_manager.filter(pk=write.subject_id).update(gone_at=clock.now(), seen_at=clock.now())


DEEDS = (
    Deed("update_template", "renamed", _find_renamed, _renamed),
    Deed("del_template", "removed", _find_removed, _removed),
    Deed("del_iso", "removed", _find_iso_removed, _removed),
)
