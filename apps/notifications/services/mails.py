"""A message as a mail: in the reseller's name and colours, in the recipient's language and time zone."""

from collections.abc import Mapping
from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import css_inline
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.accounts.reset_tokens import ResellerTokenGenerator
from apps.notifications import words
from apps.notifications.models import Message
from apps.resellers.contrast import PAPER, ink_on, readable_on
from apps.resellers.hosts import canonical_host, canonical_origin
from apps.resellers.models import Brand, Reseller

LOGO = "logo"
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


class BrandedMail(EmailMultiAlternatives):
    """A mail that knows whose it is; pictures in it belong to its HTML."""

    mixed_subtype = "related"
    reseller_slug = ""


def mail_for(message: Message) -> BrandedMail:
    """The mail; under the same Message-ID and date each time."""
    user, reseller = message.user, message.user.reseller
    with translation.override(_language(user, reseller.brand)), timezone.override(_zone(user)):
        facts = _context(message)
        mail = BrandedMail(
            subject=str(facts["subject"]),
            body=_render(message, "body.txt", facts).strip() + "\n",
            from_email=formataddr((facts["name"], sender_of(reseller))),
            to=[user.email],
            headers={
                "Message-ID": message.message_id or message_id_for(message),
                "Date": format_datetime(message.created_at),
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(_inliner.inline(_render(message, "body.html", facts)), "text/html")
    mail.reseller_slug = reseller.slug
    if reseller.brand.logo:
        mail.attach(_logo(reseller.brand))
    return mail


def sender_of(reseller: Reseller) -> str:
    """The address that the reseller's mail comes from."""
    return reseller.brand.sender_address or f"no-reply@{canonical_host(reseller)}"


def message_id_for(message: Message) -> str:
    """ "<id@the brand's mail domain>"; kept in the row, so that a brand that changes domains changes no id."""
    return f"<{message.pk}@{sender_of(message.user.reseller).rpartition('@')[2]}>"


def link_of(message: Message) -> str:
    """Where the person reads on, at the reseller's own address."""
    origin = canonical_origin(message.user.reseller)
    if message.kind == "user.password_reset_asked":
        return origin + _reset_path(message.user)
    if message.kind == "user.password_changed":
        return origin + reverse("account_reset_password")
    if message.event.subject_kind == "job":
        return f"{origin}/jobs/{message.event.subject_id}/"
    return f"{origin}/"


def _reset_path(user: User) -> str:
    token = ResellerTokenGenerator().make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": token})


def _context(message: Message) -> Mapping[str, Any]:
    brand = message.user.reseller.brand
    accent = readable_on(PAPER, brand.accent)
    return {
        "brand": brand,
        "name": words.one_line(brand.name),
        "subject": words.subject(message.kind, message.facts),
        "sentence": words.sentence(message.kind, message.facts),
        "at": datetime.fromisoformat(message.facts["at"]),
        "link": link_of(message),
        "origin": canonical_origin(message.user.reseller),
        "accent": accent,
        "on_accent": ink_on(accent),
        "on_bar": ink_on(brand.bar),
        "number": message.event.subject_id,
        "logo": f"cid:{LOGO}" if brand.logo else "",
    }


def _render(message: Message, name: str, context: Mapping[str, Any]) -> str:
    """The event's own template, else that of its kind of subject, else the one for all."""
    folders = (message.kind, message.event.subject_kind, "any")
    return str(select_template([f"email/{folder}/{name}" for folder in folders]).render(dict(context)))


def _language(user: User, brand: Brand) -> str:
    known = dict(settings.LANGUAGES)
    return next((wish for wish in (user.language, brand.language) if wish in known), settings.LANGUAGE_CODE)


def _zone(user: User) -> ZoneInfo:
    try:
        return ZoneInfo(user.time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def _logo(brand: Brand) -> MIMEImage:
    picture = MIMEImage(bytes(brand.logo), (brand.logo_type or "image/png").partition("/")[2])
    picture["Content-ID"] = f"<{LOGO}>"
    picture["Content-Disposition"] = "inline"
    return picture
