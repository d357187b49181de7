"""What a person does, over and over."""

from playwright.sync_api import Page

from tests.e2e.running import Demo

OWNER = "owner@shop.test"


def sign_in(page: Page, demo: Demo, email: str = OWNER, host: str = "127.0.0.1") -> None:
    """By the form, with a printed login."""
    page.goto(f"{demo.at(host)}/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(demo.logins[email])
    page.locator("form.stack button.primary").click()
    page.wait_for_url("**/servers/")
