"""Colours that can be read: a brand's colour is moved lighter or darker until its contrast is enough."""

import colorsys

ENOUGH = 4.5  # WCAG AA for text
ON_A_TINT = 5.7  # then text still has 4.5 on a surface that is tinted with 12 % of the same colour
PAPER, NIGHT = "#f5f6f8", "#1a2027"  # of each theme the surface on which text is read worst
INKS = ("#ffffff", "#000000")  # of these one has 4.58 on every colour; a softer black would not do


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(background: str, colour: str, enough: float = ON_A_TINT) -> str:
    """The colour, as little changed as makes it readable on this background."""
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    step = -0.01 if ink_on(background) == "#000000" else 0.01
    while contrast(background, colour) < enough and 0 <= light <= 1:
        light += step
        shown = min(max(light, 0.0), 1.0)
        colour = "#" + "".join(f"{round(c * 255):02x}" for c in colorsys.hls_to_rgb(hue, shown, saturation))
    return colour


def ink_on(background: str) -> str:
    """Black or white, whichever is read better on it."""
    return max(INKS, key=lambda ink: contrast(background, ink))
