"""Every page by axe, in both themes, wide and narrow; and nothing that must be scrolled sideways."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.hands import sign_in
from tests.e2e.pages import KNOWN, PLAIN, found_pages
from tests.e2e.running import Demo

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = {"desktop": 1280, "phone": 390, "narrow": 360}


def serious(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def is_scrolled_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("host", "email"), [("127.0.0.1", "owner@shop.test"), ("borealis.localhost", "owner@bakery.test")]
)
def test_every_page_can_be_used_by_everybody(
    browser: Browser, demo: Demo, theme: Any, width: str, host: str, email: str
):
    context = browser.new_context(color_scheme=theme, viewport={"width": WIDTHS[width], "height": 800})
    page = context.new_page()
    wrong: dict[str, object] = {}

    def look(name: str, path: str) -> None:
        page.goto(demo.at(host) + path)
        if problems := serious(page):
            wrong[name] = problems
        if is_scrolled_sideways(page):
            wrong[f"{name} sideways"] = page.viewport_size

    for name, path in PLAIN.items():
        look(name, path)
    sign_in(page, demo, email, host)
    for name, path in {**KNOWN, **found_pages(page, demo, host)}.items():
        look(name, path)
    page.goto(f"{demo.at(host)}/servers/")
    page.locator("details.menu summary").click()
    if problems := serious(page):
        wrong["menu"] = problems

    context.close()
    assert wrong == {}
