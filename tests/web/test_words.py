"""No sentence of a template is left outside gettext."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = {"English", "Русский", "Ctrl", "GB", "CPU", "RAM", "IPv4", "MAC", "IP", "API"}
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<(style|script)\b.*?</\1>|<!--.*?-->", re.DOTALL)
BLOCKTRANS = re.compile(r"{% blocktrans(?:late)?.*?{% endblocktrans(?:late)? %}", re.DOTALL)
SHOWN = re.compile(r'\b(?:title|placeholder|aria-label|alt|data-done)="([^"]*)"')


def plain(text: str) -> str:
    """Letters that a person reads and that no translation made."""
    text = BLOCKTRANS.sub(" ", COMMENT.sub(" ", text))
    text = re.sub(r"{% block (?:html_attributes|width) %}.*?{% endblock %}", " ", text)  # attributes, not words
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    attributes = " ".join(SHOWN.findall(text))
    text = re.sub(r"<[^>]*>", " ", text)
    text = re.sub(r"&\w+;", " ", f"{text} {attributes}")
    words = re.findall(r"[A-Za-zА-Яа-я][\w-]+", text)
    return " ".join(word for word in words if word not in NAMES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_sentence_goes_through_gettext(path):
    assert plain(path.read_text()) == ""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_needs_more_than_the_policy_gives(path):
    text = path.read_text()
    if "email" in path.parts:
        return
    assert not re.search(r'\sstyle="|\son\w+="|hx-on|javascript:', text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
