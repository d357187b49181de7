"""A body is a JSON object, or nothing."""

import codecs
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from apps.common.errors import PortalError


class TooLarge(PortalError):
    code, status, message = "too_large", 413, _("The body is larger than 1 MB.")


class ObjectParser(BaseParser):
    """application/json holding an object: no list, no bare value, no NaN, no name twice, no half characters."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        declared = int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0)
        body = b"" if declared > limit else stream.read(limit + 1)
        if declared > limit or len(body) > limit:
            raise TooLarge
        if not body.strip():
            return {}
        try:
            text = codecs.decode(body, "utf-8-sig")
            found = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse)
            json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON.")) from None
        if not isinstance(found, dict):
            raise ParseError(_("The body must be a JSON object."), code="not_an_object")
        return found


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(word: str) -> Any:
    raise ValueError(word)
