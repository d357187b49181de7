"""`make screenshots`: every page, wide and narrow, light and dark, English and Russian, into var/screenshots."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import CHROMIUM
from tests.e2e.hands import sign_in
from tests.e2e.pages import KNOWN, PLAIN, found_pages
from tests.e2e.running import ROOT, Demo, start

INTO = ROOT / "var" / "screenshots"
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


def main() -> None:
    """All of them; a word as argument takes only the pages whose name has it."""
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    shutil.rmtree(INTO, ignore_errors=True)
    INTO.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = start(Path(folder))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                _make_things_happen(browser, demo)
                for language in ("en", "ru"):
                    for theme in ("light", "dark"):
                        for width in WIDTHS:
                            _photograph(browser, demo, language, theme, width, only)
                browser.close()
        finally:
            demo.stop()


def _make_things_happen(browser: Browser, demo: Demo) -> None:
    """Orders, so that there is something to see: one that ended with a message, one that runs, two that wait."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    sign_in(page, demo)
    page.locator(".state.well").first.wait_for(timeout=60_000)
    page.locator("#rows tbody tr", has=page.locator(".state.well")).nth(1).locator("td.name a").click()
    page.locator("#order-reboot").click()
    page.locator("#tray-messages .count").wait_for(timeout=60_000)
    page.context.close()


def _photograph(browser: Browser, demo: Demo, language: str, theme: Any, width: str, only: str) -> None:
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    locale = {"en": "en-GB", "ru": "ru-RU"}[language]
    context = browser.new_context(viewport=size, color_scheme=theme, locale=locale)  # type: ignore[arg-type]
    page = context.new_page()
    into = INTO / f"{language}-{theme}-{width}"
    into.mkdir()
    for name, path in PLAIN.items():
        _take(page, demo.url + path, into / f"{name}.png", only)
    sign_in(page, demo)
    for name, path in {**KNOWN, **found_pages(page, demo)}.items():
        _take(page, demo.url + path, into / f"{name}.png", only)
    _take_special(page, demo, into, only)
    context.close()


def _take(page: Page, address: str, into: Path, only: str) -> None:
    if only in into.stem:
        page.goto(address)
        page.screenshot(path=into, full_page=True)


def _take_special(page: Page, demo: Demo, into: Path, only: str) -> None:
    """What needs a hand: the open menu, a job that runs, refusals with what was typed."""
    page.goto(f"{demo.url}/servers/")
    if only in "menu":
        page.locator("details.menu summary").click()
        page.screenshot(path=into / "menu.png")
    free = page.locator("#rows tbody tr", has=page.locator(".state.well")).first.locator("td.name a")
    server = free.get_attribute("href") or ""
    if only in "clone-refused":
        page.goto(f"{demo.url}{server}clone/")
        page.locator("input[name=name]").fill("no/slash")
        page.locator("form.card button.primary").click()
        page.screenshot(path=into / "clone-refused.png", full_page=True)
    if only in "job-running":
        page.goto(f"{demo.url}{server}clone/")
        page.locator("form.card button.primary").click()
        page.wait_for_url("**/jobs/*/")
        page.locator("#live progress[data-since]").wait_for(timeout=20_000)
        page.screenshot(path=into / "job-running.png", full_page=True)
        page.goto(demo.url + server)
        page.screenshot(path=into / "server-busy.png", full_page=True)
        page.goto(f"{demo.url}{server}reinstall/")
        page.screenshot(path=into / "reinstall-busy.png", full_page=True)
        page.goto(f"{demo.url}/servers/")
        page.screenshot(path=into / "servers-busy.png", full_page=True)


if __name__ == "__main__":
    main()
