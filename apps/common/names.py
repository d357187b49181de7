"""Names that people give to what is theirs."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.common.errors import InvalidInput

NAME_LENGTH = 60
NAME = re.compile(r"[^\W_](?:[\w .\-]*[^\W_])?\Z")
LETTERS = _("A name has letters, digits, spaces, dots and hyphens, and begins and ends with a letter or digit.")


def clean_name(given: Any) -> str:
    """A name: letters of any script, digits, space, dot, hyphen, underscore; 1 to 60."""
    if not isinstance(given, str) or not given.strip():
        raise InvalidInput({"name": [_("Give a name.")]})
    name = unicodedata.normalize("NFC", given.strip())
    if len(name) > NAME_LENGTH:
        raise InvalidInput({"name": [_("A name has at most 60 characters.")]})
    if not NAME.match(name):
        raise InvalidInput({"name": [LETTERS]})
    return name
