"""The brand's colours can be read in both themes, whatever was chosen; its logo is a picture and nothing else."""

import colorsys
import random
import struct
import zlib

import pytest
from django.test import Client

from apps.common.errors import InvalidInput
from apps.resellers.contrast import ENOUGH, NIGHT, PAPER, contrast, ink_on, luminance, readable_on
from apps.resellers.models import Brand, Domain, Reseller
from apps.resellers.services.brands import is_png, set_logo

NAMED = ["#ffffff", "#000000", "#ffff00", "#00ff00", "#0000ff", "#ff0000", "#777777", "#7f7f7f", "#FFCC00", "#12161b"]
_draw = random.Random(7)
COLOURS = NAMED + [f"#{_draw.randrange(1 << 24):06x}" for _ in range(300)]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1, *more: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + chunk(b"IEND", b"")


@pytest.fixture
def brand(db: None) -> Brand:
    reseller = Reseller.objects.create(slug="acme", name="Acme Cloud")
    Domain.objects.create(reseller=reseller, host="acme.test")
    return Brand.objects.create(reseller=reseller, name="Acme Cloud", accent="#ffee00", bar="#808080")


@pytest.fixture
def visitor(brand: Brand) -> Client:
    return Client(headers={"host": "acme.test"})


def tinted(surface: str, colour: str) -> str:
    """12 % of the colour over the surface, as browsers mix it."""
    pairs = [(int(surface[at : at + 2], 16), int(colour[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(under * 0.88 + over * 0.12):02x}" for under, over in pairs)


def test_the_measure_is_that_of_wcag():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#ffffff", "#767676"), 2) == 4.54
    assert luminance("#ffffff") == pytest.approx(1)


@pytest.mark.parametrize("surface", [PAPER, NIGHT, "#ffffff", "#12161b"])
def test_every_colour_becomes_readable_on_both_themes_surfaces(surface):
    worst = PAPER if surface in {PAPER, "#ffffff"} else NIGHT
    for colour in COLOURS:
        shown = readable_on(worst, colour)

        assert contrast(surface, shown) >= ENOUGH, colour
        assert contrast(tinted(surface, shown), shown) >= ENOUGH, colour
        assert contrast(shown, ink_on(shown)) >= ENOUGH, colour


def test_ink_is_readable_on_every_colour():
    for colour in COLOURS:
        assert contrast(colour, ink_on(colour)) >= ENOUGH, colour


def test_a_colour_that_is_readable_stays_as_it_is():
    assert readable_on(PAPER, "#8a1c1c") == "#8a1c1c"
    assert readable_on(NIGHT, "#ffcc00") == "#ffcc00"


def test_the_hue_stays():
    for colour in ("#ffee00", "#00ff88", "#ff66cc"):
        before, after = (
            colorsys.rgb_to_hls(*(int(c[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]
            for c in (colour, readable_on(PAPER, colour))
        )
        assert abs(before - after) < 0.02


def test_the_sheet_has_colours_for_both_themes_and_is_kept_by_its_tag(visitor, brand):
    first = visitor.get("/brand.css")

    assert first["Content-Type"].startswith("text/css")
    assert "Host" in first["Vary"]
    for name in ("--accent-light", "--on-accent-light", "--accent-dark", "--on-accent-dark", "--bar", "--on-bar"):
        assert f"{name}: #" in first.content.decode()
    assert visitor.get("/brand.css", headers={"If-None-Match": first["ETag"]}).status_code == 304

    brand.accent = "#0000aa"
    brand.save()
    changed = visitor.get("/brand.css", headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


@pytest.mark.parametrize("path", ["/brand.css", "/brand/logo", "/brand/icon.svg"])
def test_the_brands_files_are_only_read(visitor, path):
    assert visitor.post(path).status_code == 405


def test_a_logo_is_served_as_what_it_is(visitor, brand):
    assert visitor.get("/brand/logo").status_code == 404
    set_logo(brand, png())

    shown = visitor.get("/brand/logo")

    assert (shown.content, shown["Content-Type"]) == (png(), "image/png")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert visitor.get("/brand/logo", headers={"If-None-Match": shown["ETag"]}).status_code == 304
    set_logo(brand, b"")
    assert visitor.get("/brand/logo").status_code == 404


@pytest.mark.parametrize(("name", "letter"), [("acme", ">A<"), ("<b>", ">&lt;<"), ("Облако", ">О<"), ("{x}", ">{<")])
def test_the_icon_is_the_names_first_letter_and_holds_no_markup_of_it(visitor, brand, name, letter):
    brand.name = name
    brand.save()

    shown = visitor.get("/brand/icon.svg")

    assert shown["Content-Type"] == "image/svg+xml"
    assert letter in shown.content.decode()
    assert visitor.get("/brand/icon.svg", headers={"If-None-Match": shown["ETag"]}).status_code == 304


REFUSED = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "html": b"<html>",
    "gif": b"GIF89a" + b"\0" * 50,
    "only a signature": b"\x89PNG\r\n\x1a\n",
    "a page behind the picture": png() + b"<script>1</script>",
    "cut": png()[:-3],
    "a wrong checksum": png()[:-1] + b"x",
    "too wide": png(2001, 1),
    "no pixels": png(0, 1),
    "too large": png(1, 1, chunk(b"tEXt", b"x" * 200_000)),
    "a length that lies": png()[:33] + b"\xff\xff\xff\xff" + png()[37:],
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_what_is_no_png_is_refused_and_the_old_logo_stays(brand, content):
    set_logo(brand, png())

    with pytest.raises(InvalidInput) as refused:
        set_logo(brand, content)

    assert "logo" in refused.value.errors
    brand.refresh_from_db()
    assert bytes(brand.logo) == png()


def test_a_png_with_notes_in_it_is_a_png():
    assert is_png(png(300, 80, chunk(b"gAMA", b"\0\0\xb1\x8f")))
