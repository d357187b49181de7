"""Changing how a reseller looks."""

import zlib

from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput
from apps.resellers.models import Brand

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 200_000  # bytes
WIDEST = 2000  # pixels, and so high at most


def set_logo(brand: Brand, content: bytes) -> None:
    """Keep this logo (empty: none). InvalidInput, and nothing is kept, unless it is a PNG and nothing but one."""
    if content and not is_png(content):
        raise InvalidInput({"logo": [_("A logo is a PNG image of at most 200 kB and 2000 × 2000 pixels.")]})
    brand.logo, brand.logo_type = content, "image/png" if content else ""
    brand.save(update_fields=["logo", "logo_type"])


def is_png(content: bytes) -> bool:
    """Whole chunks with right checksums from the header to the end, and not a byte after it."""
    if len(content) > LARGEST or not content.startswith(SIGNATURE):
        return False
    at = len(SIGNATURE)
    kinds: list[bytes] = []
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += 12 + length
        if at > len(content) or zlib.crc32(kind + body) != int.from_bytes(content[at - 4 : at]):
            return False
        kinds.append(kind)
        if len(kinds) == 1 and (kind != b"IHDR" or not _is_modest(body)):
            return False
    ends_once = kinds[-1:] == [b"IEND"] and kinds.count(b"IEND") == 1
    return at == len(content) and ends_once and b"IDAT" in kinds


def _is_modest(header: bytes) -> bool:
    if len(header) != 13:
        return False
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    return 0 < width <= WIDEST and 0 < height <= WIDEST
