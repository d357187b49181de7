"""Secrets out of everything that is logged."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

SECRET_NAMES = frozenset({"sess", "loginpassword", "smskey", "passkey", "password", "old", "new"})
HIDDEN = "[hidden]"
_NAMES = "|".join(sorted(SECRET_NAMES))
_QUERY = re.compile(rf"(?i)\b({_NAMES})=[^&\s\"'<>]*")
_QUOTED_QUERY = re.compile(rf"(?i)(%22(?:{_NAMES})%22(?:%20|\+|\s)*(?:%3A|:)(?:%20|\+|\s)*)(%22.*?(?:%22|$)|[^%&\s]*)")
_JSON = re.compile(rf"(?i)([\"'](?:{_NAMES})[\"']\s*:\s*)(\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^,}}\]\s]+)")
_JSON_IN_JSON = re.compile(rf"(?i)(\\+\"(?:{_NAMES})\\+\"\s*:\s*)(\\+\".*?(?:\\+\"|$)|[^,}}\]\s]+)")


def redact(text: str, *known: str) -> str:
    """The text without values of secret parameters (in queries and JSON, doubled too) and without `known` values."""
    spellings = {spelling for value in known if value for spelling in _spellings(value)}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, HIDDEN)
    for pattern in (_JSON_IN_JSON, _JSON, _QUOTED_QUERY):
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return _QUERY.sub(rf"\g<1>={HIDDEN}", text)


def _spellings(value: str) -> set[str]:
    """How a secret may come back: as it is, in a URL, in JSON, in HTML."""
    in_json = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    in_url = {encode(value, safe=safe) for encode in (quote, quote_plus) for safe in ("", "/")}
    return {value, html.escape(value), html.escape(value, quote=False), *in_json, *in_url}


def redact_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with secret values hidden, at any depth."""
    return {name: HIDDEN if str(name).lower() in SECRET_NAMES else _redacted(value) for name, value in values.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return redact_mapping(value)
    if isinstance(value, list | tuple):
        return [_redacted(item) for item in value]
    return redact(value) if isinstance(value, str) else value
