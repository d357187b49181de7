"""The host decides whose portal this is; a stranger gets nothing."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from apps.resellers import hosts
from apps.resellers.middleware import client_address, host_names_reseller
from apps.resellers.models import Brand, Domain, Reseller

STATIC = "/static/css/portal.css"


@pytest.fixture
def acme(db: None) -> Reseller:
    reseller = Reseller.objects.create(slug="acme", name="Acme Cloud")
    Domain.objects.create(reseller=reseller, host="old.acme.test")
    Domain.objects.create(reseller=reseller, host="Portal.Acme.test", is_canonical=True)
    Brand.objects.create(reseller=reseller, name="Acme Cloud", accent="#aa3300")
    return reseller


def seen_by(host: str | None, **more: str) -> Reseller | None:
    """What the middleware sets for a request to this host."""
    found = []

    def page(request):
        found.append((request.reseller, client_address(request), request.is_secure()))
        return HttpResponse("page")

    request = RequestFactory().get("/", **more)
    request.META.pop("HTTP_HOST", None)
    if host is not None:
        request.META["HTTP_HOST"] = host
    answer = host_names_reseller(page)(request)
    assert ("Host" in answer.get("Vary", "")) == bool(found)
    return found[0] if found else None


@pytest.mark.parametrize(
    "host",
    ["portal.acme.test", "PORTAL.ACME.TEST", "portal.acme.test:8000", "Portal.acme.test.", "portal.acme.test.:443",
     "old.acme.test"],
)  # fmt: skip
def test_any_writing_of_a_host_is_its_resellers(acme, host):
    assert seen_by(host)[0] == acme


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.test", "acme.test", "portal.acme.test.evil.test", "xportal.acme.test", "portal.acme.test/x", "a b",
     "portal.acme.test\x00", "[::1", "'; drop", "*", ".", "x" * 5000],
)  # fmt: skip
def test_an_unknown_host_gets_nothing(acme, host):
    assert seen_by(host) is None


@pytest.mark.parametrize(
    "path", ["/", "/account/login/", "/api/v1/servers/", "/brand.css", "/brand/logo", STATIC, "/x"]
)
def test_an_unknown_hosts_answer_is_bare(acme, path):
    answer = Client(headers={"host": "evil.test"}).get(path)

    assert (answer.status_code, answer.content) == (404, b"Not found\n")
    assert answer["Content-Type"] == "text/plain"
    assert not answer.cookies
    said = str(dict(answer.headers)).lower()
    assert not any(word in said for word in ("acme", "sublet", "django", "imserver", "set-cookie", "location"))


def test_an_unknown_host_is_not_redirected_to_https_either(acme, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert Client(headers={"host": "evil.test"}).get("/").status_code == 404


@pytest.mark.parametrize("host", ["10.0.0.5:8000", "web_1:8000", "evil.test", "portal.acme.test", "[::1]:8000"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_there_under_any_host(acme, host, path):
    answer = Client(headers={"host": host}).get(path)

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert not answer.cookies


def test_a_known_host_costs_one_query_in_five_seconds(acme, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _visit in range(5):
            assert hosts.reseller_by_host("portal.acme.test").brand.name == "Acme Cloud"


def test_what_is_saved_is_seen_at_once(acme):
    assert hosts.reseller_by_host("new.acme.test") is None
    domain = Domain.objects.create(reseller=acme, host="new.acme.test")
    assert hosts.reseller_by_host("new.acme.test") == acme

    acme.brand.name = "Acme Two"
    acme.brand.save()
    assert hosts.reseller_by_host("new.acme.test").brand.name == "Acme Two"

    domain.delete()
    assert hosts.reseller_by_host("new.acme.test") is None


def test_strangers_hosts_do_not_fill_the_memory(acme, monkeypatch):
    from apps.resellers import host_names

    monkeypatch.setattr(host_names, "LONGEST_MEMORY", 10)
    for number in range(50):
        hosts.reseller_by_host(f"{number}.evil.test")

    assert len(host_names._memory) <= 10


def test_a_host_that_is_not_ascii_is_found_as_browsers_send_it(acme):
    Domain.objects.create(reseller=acme, host="облако.рф")

    assert hosts.reseller_by_host("облако.рф".encode("idna").decode().upper()) == acme


def test_a_reseller_without_a_brand_has_a_plain_one(acme):
    Brand.objects.all().delete()
    hosts.forget()

    assert hosts.reseller_by_host("portal.acme.test").brand.name == "Acme Cloud"


def test_links_lead_to_the_canonical_domain_whatever_host_was_asked(acme, settings):
    settings.SECURE, settings.PUBLIC_PORT = False, "8000"
    assert hosts.canonical_origin(acme) == "http://portal.acme.test:8000"
    settings.SECURE, settings.PUBLIC_PORT = True, ""
    assert hosts.canonical_origin(acme) == "https://portal.acme.test"


FORGED = {"HTTP_X_FORWARDED_FOR": "6.6.6.6", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil.test"}


def test_forwarded_headers_of_anybody_count_for_nothing(acme):
    assert seen_by("portal.acme.test", REMOTE_ADDR="203.0.113.9", **FORGED) == (acme, "203.0.113.9", False)


@pytest.mark.parametrize("proxy", ["10.0.0.5", "10.255.1.2", "::ffff:10.0.0.5", "2001:db8::7"])
def test_a_listed_proxys_headers_count(acme, settings, proxy):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8::7"]
    forwarded = {
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 198.51.100.7, 10.0.0.9",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.test, portal.acme.test",
    }

    assert seen_by("inner:8000", REMOTE_ADDR=proxy, **forwarded) == (acme, "198.51.100.7", True)


@pytest.mark.parametrize(
    ("hops", "visitor"),
    [("198.51.100.7", "198.51.100.7"), ("198.51.100.7:51234", "198.51.100.7"), ("[2001:db8::9]:443", "2001:db8::9"),
     ("2001:db8::9", "2001:db8::9"), ("6.6.6.6, unknown", "10.0.0.5"), ("", "10.0.0.5"), (",,,", "10.0.0.5"),
     ("<script>", "10.0.0.5"), ("10.0.0.7, 10.0.0.8", "10.0.0.7"), ("::ffff:198.51.100.7", "198.51.100.7"),
     ("6.6.6.6,\r\nX: y", "10.0.0.5")],
)  # fmt: skip
def test_the_visitor_is_the_first_address_that_no_trusted_proxy_has(acme, settings, hops, visitor):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    seen = seen_by("portal.acme.test", REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR=hops)

    assert seen[1] == visitor


@pytest.mark.parametrize("listed", ["10.0.0.0/99", "proxy.test", "*"])
def test_a_proxy_list_that_cannot_be_read_is_said_loudly(acme, settings, listed):
    from django.core.exceptions import ImproperlyConfigured

    settings.TRUSTED_PROXIES = [listed]

    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        seen_by("portal.acme.test")
