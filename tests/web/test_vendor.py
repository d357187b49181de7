"""Third-party files are exactly what was vendored, and the lock says nothing of this machine."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"


@pytest.mark.parametrize("folder", [VENDOR, ROOT / "tests" / "e2e" / "vendor"], ids=["pages", "tests"])
def test_the_hashes_match(folder):
    lines = (line.split("  ") for line in (folder / "HASHES").read_text().splitlines())
    stated = {name: digest for digest, name in lines}

    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "HASHES"}

    assert found == stated


def test_a_licence_stands_beside_each():
    assert {"htmx.LICENSE", "lucide.LICENSE"} <= {path.name for path in VENDOR.iterdir()}


def test_versions_are_exact_and_the_lock_names_no_registry():
    package = json.loads((ROOT / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_every_icon_that_templates_use_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "icons.svg").read_text()))
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    python = (ROOT / "apps/web/templatetags/portal.py").read_text()

    used = set(re.findall(r'{% icon "([\w-]+)"', templates)) | set(re.findall(r'": \("\w+", "([\w-]+)"\)', python))

    assert used <= sprite
