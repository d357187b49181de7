"""The Russian catalogue: merged from one part for each room, complete, and compiled; run by `make messages`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PARTS, CATALOGUE = ROOT / "locale" / "ru" / "parts", ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
CALLS = frozenset({"_", "lazy", "gettext", "gettext_lazy", "ngettext"})
TRANS = re.compile(r"""{%\s*trans(?:late)?\s+"([^"]+)"|_\("([^"]+)"\)""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b[^%]*%}(.*?){%\s*(?:plural|endblocktrans(?:late)?)", re.DOTALL)
PLURALS = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"


def wanted() -> set[str]:
    """Every text of the project that is to be translated."""
    found: set[str] = set()
    for path in [*(ROOT / "apps").rglob("*.py"), *(ROOT / "portal").rglob("*.py")]:
        found.update(_of_code(path))
    for path in (path for path in (ROOT / "templates").rglob("*") if path.is_file()):
        found.update(_of_template(path.read_text(encoding="utf-8")))
    return found


def _of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def _of_template(text: str) -> Iterator[str]:
    for match in TRANS.finditer(text):
        yield match[1] or match[2]
    for match in BLOCK.finditer(text):
        yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", match[1])


def merged() -> polib.POFile:
    """All parts as one catalogue; of a text that stands in two of them the first part's translation holds."""
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "ru",
        "Plural-Forms": PLURALS,
    }
    known: dict[str, polib.POEntry] = {}
    for path in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(path)):
            known.setdefault(entry.msgid, entry)
    catalogue.extend(sorted(known.values(), key=lambda entry: str(entry.msgid)))
    return catalogue


def _said(entry: polib.POEntry) -> object:
    return entry.msgstr or entry.msgstr_plural


def missing(catalogue: polib.POFile) -> list[str]:
    """Texts without a translation."""
    return sorted(wanted() - {entry.msgid for entry in catalogue if _said(entry)})


def main() -> None:
    catalogue = merged()
    for text in missing(catalogue):
        print(f"no Russian for {text!r}")
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


if __name__ == "__main__":
    main()
