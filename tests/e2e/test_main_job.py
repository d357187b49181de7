"""The main job, in a real browser against everything that `manage.py up --demo` starts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import sign_in
from tests.e2e.running import Demo

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
LONG = 60_000


def idle_server(page: Page, state: str = "Running") -> str:
    """Open a server that is in this state and has nothing to do; its name."""
    row = page.locator("#rows tbody tr", has=page.locator(".state", has_text=re.compile(f"^{state}$"))).first
    link = row.locator("td.name a")
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    return name


def test_a_person_clones_a_server_watches_it_finish_and_reads_the_mail(page: Page, demo: Demo, complaints: list[str]):
    sign_in(page, demo)
    expect(page.locator("#rows tbody tr").first).to_be_visible()
    expect(page.locator(".state.well").first).to_be_visible(timeout=LONG)
    name = idle_server(page)

    page.locator("#order-clone").click()
    page.get_by_label("Name of the copy").fill("my-copy")
    page.get_by_role("button", name=f"Clone {name}").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    page.evaluate("window.neverReloaded = true")
    expect(page.locator("#live .head .state")).to_have_text("Done", timeout=LONG)
    expect(page.locator("#signed-out")).to_be_hidden()
    expect(page.locator("#live")).to_contain_text("my-copy is ready")
    expect(page.locator("#tray-messages .count")).to_be_visible(timeout=LONG)
    assert page.evaluate("window.neverReloaded")

    page.get_by_role("link", name="Open my-copy").click()
    expect(page.locator("h1")).to_have_text("my-copy")

    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Mail of this demo").click()
    mail = page.get_by_role("link", name="my-copy is ready").first
    for _try in range(20):
        if mail.is_visible():
            break
        page.wait_for_timeout(1000)
        page.reload()
    mail.click()
    expect(page.locator(".mail-text")).to_contain_text(f"my-copy, the clone of {name}, is ready.")
    expect(page.locator("dl.facts")).to_contain_text("owner@shop.test")
    assert complaints == []


def test_another_page_that_is_open_sees_the_job_come_and_go(page: Page, demo: Demo, complaints: list[str]):
    sign_in(page, demo)
    expect(page.locator(".state.well").first).to_be_visible(timeout=LONG)
    other = page.context.new_page()
    other.goto(f"{demo.url}/jobs/?show=open")
    name = idle_server(page)

    page.locator("#order-reboot").click()

    expect(other.locator("#rows")).to_contain_text(f"Reboot {name}", timeout=LONG)
    expect(other.locator("#rows")).not_to_contain_text(f"Reboot {name}", timeout=LONG)
    expect(page.locator("#live .timeline li").first.locator(".state")).to_have_text("Done", timeout=LONG)
    assert complaints == []


def test_a_double_click_orders_once(page: Page, demo: Demo):
    sign_in(page, demo)
    expect(page.locator(".state.well").first).to_be_visible(timeout=LONG)
    idle_server(page)
    jobs = page.locator("#live .timeline li").count()

    page.locator("#order-stop").dblclick(no_wait_after=True)

    expect(page.locator("#live .timeline li").first.locator(".state")).to_have_text("Done", timeout=LONG)
    assert page.locator("#live .timeline li").count() == min(jobs + 1, 15)


def test_it_works_without_scripts(browser, demo: Demo):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}, locale="en-GB")
    page = context.new_page()
    sign_in(page, demo)
    page.locator("#rows td.name a").first.click()
    name = page.locator("h1").inner_text()
    page.locator("#order-clone").click()
    page.get_by_label("Name of the copy").fill("<b>no</b>")
    page.get_by_role("button", name=f"Clone {name}").click()
    expect(page.locator("#name-errors")).to_be_visible()
    page.get_by_label("Name of the copy").fill("without scripts")
    page.get_by_role("button", name=f"Clone {name}").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+/$"))
    expect(page.locator("#live")).to_contain_text("without scripts")
    context.close()


def test_an_ended_sign_in_is_said_on_the_page_that_stands_open(page: Page, demo: Demo):
    sign_in(page, demo, "operator@shop.test")
    page.wait_for_function("document.documentElement.dataset.live === 'on'")
    page.context.clear_cookies()

    page.evaluate("htmx.trigger(document.getElementById('rows'), 'changed')")

    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("#rows tbody tr").first).to_be_visible()
