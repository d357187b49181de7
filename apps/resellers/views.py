"""The brand's style sheet and logo."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import condition, require_safe

from apps.resellers.contrast import NIGHT, PAPER, ink_on, readable_on
from apps.resellers.models import Brand

CSS = """:root {{ --accent-light: {light}; --on-accent-light: {on_light};
  --accent-dark: {dark}; --on-accent-dark: {on_dark}; --bar: {bar}; --on-bar: {on_bar}; }}
"""

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{bar}"/>
<text x="16" y="23" font-family="system-ui, sans-serif" font-size="20" font-weight="700" text-anchor="middle"
 fill="{on_bar}">{letter}</text></svg>
"""


def _brand(request: HttpRequest) -> Brand:
    return request.reseller.brand  # type: ignore[attr-defined, no-any-return]


def _sheet(brand: Brand) -> bytes:
    light, dark = readable_on(PAPER, brand.accent), readable_on(NIGHT, brand.accent)
    colours = {"light": light, "on_light": ink_on(light), "dark": dark, "on_dark": ink_on(dark)}
    return CSS.format(**colours, bar=brand.bar, on_bar=ink_on(brand.bar)).encode()


def _tag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:20]}"'


def _file(content: bytes, kind: str, seconds: int) -> HttpResponse:
    headers = {"Cache-Control": f"max-age={seconds}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
@condition(etag_func=lambda request: _tag(_sheet(_brand(request))))
def sheet(request: HttpRequest) -> HttpResponse:
    """Custom properties in the brand's colours, corrected for each theme."""
    return _file(_sheet(_brand(request)), "text/css; charset=utf-8", 60)


@require_safe
@condition(etag_func=lambda request: _tag(bytes(_brand(request).logo)))
def logo(request: HttpRequest) -> HttpResponse:
    """The logo, a PNG."""
    content = bytes(_brand(request).logo)
    if not content:
        raise Http404
    return _file(content, "image/png", 300)


def _icon(brand: Brand) -> bytes:
    letter = escape(brand.name[:1].upper())
    return ICON.format(bar=brand.bar, on_bar=ink_on(brand.bar), letter=letter).encode()


@require_safe
@condition(etag_func=lambda request: _tag(_icon(_brand(request))))
def icon(request: HttpRequest) -> HttpResponse:
    """The tab's icon: the first letter of the name in the bar's colour."""
    return _file(_icon(_brand(request)), "image/svg+xml", 300)
