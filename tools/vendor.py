"""Copies third-party front-end files from node_modules into static/vendor, with licences; makes the sprite."""

import re
import shutil
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES, VENDOR = ROOT / "node_modules", ROOT / "static" / "vendor"
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "lucide-static/LICENSE": "lucide.LICENSE",
}
TESTS = ROOT / "tests" / "e2e" / "vendor"
FOR_TESTS = {"axe-core/axe.min.js": "axe.min.js", "axe-core/LICENSE": "axe.LICENSE"}
ICONS = [
    "archive",
    "ban",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "circle-help",
    "clock",
    "copy",
    "copy-plus",
    "key-round",
    "loader",
    "log-out",
    "mail",
    "menu",
    "monitor-smartphone",
    "moon",
    "pause",
    "play",
    "refresh-ccw",
    "rotate-cw",
    "search",
    "server",
    "square",
    "sun",
    "triangle-alert",
    "user",
    "x",
    "list-checks",
    "inbox",
]
OTHER_NAMES = {"circle-help": "circle-question-mark"}
DOT = '<symbol id="circle-filled" viewBox="0 0 24 24"><circle cx="12" cy="12" r="6" fill="currentColor"/></symbol>'


def main() -> None:
    """Make both folders anew."""
    _copy(FILES, VENDOR)
    sprite = [DOT, *(_symbol(name) for name in ICONS)]
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *sprite, "</svg>", ""]
    (VENDOR / "icons.svg").write_text("\n".join(lines))
    _copy(FOR_TESTS, TESTS)
    for folder in (VENDOR, TESTS):
        hashes = [f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
        (folder / "HASHES").write_text("".join(hashes))


def _copy(files: dict[str, str], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source, name in files.items():
        shutil.copyfile(MODULES / source, folder / name)


def _symbol(name: str) -> str:
    folder = MODULES / "lucide-static" / "icons"
    path = folder / f"{name}.svg"
    text = (path if path.exists() else folder / f"{OTHER_NAMES[name]}.svg").read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
    assert inner is not None
    strokes = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {strokes}>{" ".join(inner[1].split())}</symbol>'


if __name__ == "__main__":
    main()
