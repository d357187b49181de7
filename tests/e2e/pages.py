"""Every page of the panel, for those who look at all of them."""

from playwright.sync_api import Page

from tests.e2e.running import Demo

PLAIN = {"sign-in": "/account/login/", "reset": "/account/password/reset/", "mailbox": "/mailbox/"}
KNOWN = {
    "servers": "/servers/",
    "servers-none-found": "/servers/?q=nothing-like-that",
    "jobs": "/jobs/",
    "jobs-open": "/jobs/?show=open",
    "messages": "/notifications/",
    "password": "/account/password/change/",
    "sessions": "/account/sessions/",
    "not-found": "/servers/1/",
}


def found_pages(page: Page, demo: Demo, host: str = "127.0.0.1") -> dict[str, str]:
    """Pages of one server and of one job, as the signed-in person's lists name them."""
    page.goto(f"{demo.at(host)}/servers/")
    server = page.locator("#rows td.name a").first.get_attribute("href") or ""
    page.goto(f"{demo.at(host)}/jobs/")
    job = page.locator("#rows td.name a").first.get_attribute("href") or ""
    return {"server": server, "clone": f"{server}clone/", "reinstall": f"{server}reinstall/", "job": job}
