"""What the whole repository keeps to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = ("requirements", "package-lock.json", "static/vendor/", "tests/e2e/vendor/")


def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in files():
        name = str(path.relative_to(ROOT))
        if (
            not name.startswith(SKIPPED)
            and path.suffix not in {".mo", ".png"}
            and name != "tests/architecture/test_repository.py"
        ):
            found.append((name, path.read_text(encoding="utf-8")))
    return found


def test_layers_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "word", [r"\.\./shared", r"/work/main", r"pypi\.org", r"pythonhosted\.org", r"registry\.npmjs", r"deb\.debian\.org"]
)
def test_nothing_names_a_registry_or_a_place_of_this_machine(word):
    assert [name for name, text in texts() if re.search(word, text) and name != "docs/plan.md"] == []


def test_lock_files_name_no_registry():
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        assert "http" not in re.sub(r'"(url|funding)": "[^"]*"', "", (ROOT / name).read_text())


def test_every_module_is_short_enough_to_read():
    long = {
        name: len(text.splitlines())
        for name, text in texts()
        if name.endswith(".py") and name.startswith(("apps/", "portal/", "sandbox/")) and len(text.splitlines()) > 250
    }
    assert long == {}


def test_every_app_has_its_rooms_named_alike():
    for app in ("servers", "images", "jobs"):
        assert {"models", "selectors", "services", "tasks"} <= {
            path.stem for path in (ROOT / "apps" / app).iterdir()
        }, app


def test_every_text_has_its_russian():
    sys.path.insert(0, str(ROOT))
    from tools import messages

    catalogue = messages.merged()
    assert messages.missing(catalogue) == []
    assert catalogue.to_binary() == messages.CATALOGUE.with_suffix(".mo").read_bytes()


def test_the_reference_of_the_upstream_is_current():
    from apps.upstream import reference

    assert (ROOT / "docs" / "upstream.md").read_text() == reference.render()
