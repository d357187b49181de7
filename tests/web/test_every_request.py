"""What every page has: an id, a language, a time zone, a theme; health; error pages in brand."""

import re

import pytest
import redis
from django.db import DatabaseError
from django.test import Client

from apps.web import views

LOGIN = "/account/login/"


def test_a_sensible_request_id_is_kept(visitor):
    assert visitor.get("/healthz", headers={"X-Request-Id": "abcdef-123456"})["X-Request-Id"] == "abcdef-123456"


@pytest.mark.parametrize("given", ["", "short", "x" * 200, "bad id!", "<script>"])
def test_a_senseless_request_id_is_replaced(visitor, given):
    answered = visitor.get(LOGIN, headers={"X-Request-Id": given})["X-Request-Id"]

    assert answered != given
    assert re.fullmatch(r"[A-Za-z0-9-]{8,36}", answered)


@pytest.mark.parametrize(
    ("wish", "language"),
    [("ru", "ru"), ("ru-RU,ru;q=0.9", "ru"), ("de, ru;q=0.5, en;q=0.8", "en"), ("de", "en"), ("", "en"),
     (";;;,,", "en"), ("../../etc", "en"), ("x" * 9000, "en")],
)  # fmt: skip
def test_the_browsers_wish_decides_for_a_visitor(visitor, wish, language):
    page = visitor.get(LOGIN, headers={"Accept-Language": wish})

    assert page["Content-Language"] == language
    assert f'lang="{language}"' in page.content.decode()


def test_the_brands_language_decides_for_a_browser_without_a_wish(house, visitor):
    house.reseller.brand.language = "ru"
    house.reseller.brand.save()
    from apps.resellers.hosts import forget

    forget()
    assert visitor.get(LOGIN, headers={"Accept-Language": "fr"})["Content-Language"] == "ru"


def test_a_persons_own_language_and_zone_win(house, visitor):
    house.owner.language, house.owner.time_zone = "ru", "Asia/Tokyo"
    house.owner.save()
    visitor.force_login(house.owner)

    assert visitor.get("/jobs/", headers={"Accept-Language": "en"})["Content-Language"] == "ru"


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "\x00"])
def test_a_zone_that_is_none_breaks_nothing(house, visitor, zone):
    house.owner.time_zone = zone.replace("\x00", "")
    house.owner.save()
    visitor.force_login(house.owner)

    assert visitor.get("/jobs/").status_code == 200


def test_a_theme_is_chosen_by_post_and_kept_in_a_cookie(visitor):
    answer = visitor.post("/choose/", {"theme": "dark", "next": LOGIN})

    assert answer["Location"] == LOGIN
    assert 'data-theme="dark"' in visitor.get(LOGIN).content.decode()


@pytest.mark.parametrize("theme", ["../../x", '"><script>', "purple"])
def test_a_theme_that_is_none_is_not_taken(visitor, theme):
    visitor.cookies["theme"] = theme
    assert "data-theme" not in visitor.get(LOGIN).content.decode()
    assert "theme" not in visitor.post("/choose/", {"theme": theme}).cookies


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "/\\evil.test", "\x00"])
def test_a_choice_never_leads_elsewhere(visitor, back):
    assert visitor.post("/choose/", {"theme": "dark", "next": back})["Location"] == "/"


def test_choosing_by_get_is_refused(visitor):
    assert visitor.get("/choose/?theme=dark").status_code == 405


def test_health_is_answered_to_any_host(db):
    balancer = Client(headers={"host": "10.0.0.7"})

    assert balancer.get("/healthz").content == b"ok\n"
    assert balancer.get("/readyz").status_code == 200


def test_readiness_names_what_is_missing(db, visitor, monkeypatch):
    class Gone:
        def ping(self):
            raise redis.ConnectionError

    monkeypatch.setattr(views, "store", Gone)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready: store\n")


def test_readiness_sees_a_database_that_is_away(db, visitor, monkeypatch):
    def cursor():
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(views.connection, "cursor", cursor)
        assert visitor.get("/readyz").status_code == 503


def test_a_missing_page_is_in_brand_and_the_same_for_every_address(visitor):
    one, other = visitor.get("/nowhere/"), visitor.get("/else/where/?q=1")

    assert one.status_code == 404
    assert "Acme Cloud" in one.content.decode()
    assert one.content == other.content


def test_an_unknown_host_gets_nothing(db):
    answer = Client(headers={"host": "nobody.test"}).get("/")

    assert answer.status_code == 404
    assert answer.content == b"Not found\n"


def test_a_broken_page_says_so_in_brand(house, visitor, monkeypatch):
    def explode(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("apps.panel.views.servers_for", explode)
    visitor.force_login(house.owner)
    visitor.raise_request_exception = False

    answer = visitor.get("/servers/")

    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Acme Cloud" in page
    assert "secret detail" not in page


def test_pages_name_neither_the_upstream_nor_the_software(house, visitor):
    visitor.force_login(house.owner)
    for address in ("/servers/", "/jobs/", "/notifications/", "/nowhere/", f"/servers/{house.server(333).pk}/"):
        answer = visitor.get(address)
        text = (answer.content.decode() + repr(answer.headers) + repr(answer.cookies)).lower()
        for name in ("imserver", "sublet", "user99", "django", "127.0.0.1:9"):
            assert name not in text, (address, name)
