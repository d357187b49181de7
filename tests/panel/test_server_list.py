"""The list of servers."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Customer
from apps.common import clock
from apps.jobs.models import Job
from apps.servers.models import Server


def more_servers(house, count, **facts):
    facts = {"status": "on", "status_seen_at": clock.now(), "seen_at": clock.now(), **facts}
    return Server.objects.bulk_create(
        Server(
            reseller=house.reseller,
            account=house.account,
            customer=house.customer,
            upstream_id=str(10_000 + number),
            name=f"more-{number:03}",
            interfaces=[{"id": "1", "mac": "", "ip": f"203.0.113.{number}", "network": "", "state": "up"}],
            **facts,
        )
        for number in range(count)
    )


def names(answer):
    return [server.name for server, _job in answer.context["rows"]]


def test_it_shows_my_servers_and_nobody_elses(acme, owner):
    answer = owner.get("/servers/")

    assert names(answer) == sorted(Server.objects.filter(customer=acme.customer).values_list("name", flat=True))
    assert acme.server(340).name not in answer.content.decode()


def test_the_number_of_queries_does_not_depend_on_the_rows(acme, owner):
    owner.get("/servers/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        owner.get("/servers/")
    made = more_servers(acme, 45)
    for server in made[:20]:
        Job.objects.create(
            kind="stop",
            reseller=acme.reseller,
            account=acme.account,
            customer=acme.customer,
            server=server,
            created_at=clock.now(),
        )

    with CaptureQueriesContext(connection) as many:
        answer = owner.get("/servers/")

    assert len(names(answer)) == 50
    assert len(many) == len(few)


def test_it_finds_by_name_and_by_address(acme, owner):
    more_servers(acme, 3)

    assert names(owner.get("/servers/?q=MORE-001")) == ["more-001"]
    assert names(owner.get("/servers/?q=203.0.113.2")) == ["more-002"]


def test_it_filters_by_state_and_keeps_the_filter_in_the_pager(acme, owner):
    more_servers(acme, 60, status="paused")

    answer = owner.get("/servers/?state=paused&q=more")

    assert len(names(answer)) == 50
    assert re.search(r'rel="next" href="[^"]*state=paused', answer.content.decode())
    assert len(names(owner.get("/servers/?state=paused&q=more&page=2"))) == 10


@pytest.mark.parametrize("sort", ["name", "-name", "state", "newest", "customer__name", "'; drop table"])
def test_it_sorts_by_what_it_knows(owner, sort):
    assert owner.get("/servers/", {"sort": sort}).status_code == 200


def test_it_sorts_backwards(owner):
    assert names(owner.get("/servers/?sort=-name")) == names(owner.get("/servers/"))[::-1]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%F0%9F%92%A9", "q=" + "x" * 5000, "state=nonsense", "page=-1", "page=zzz"]
)
def test_senseless_queries_are_answered_calmly(owner, query):
    assert owner.get(f"/servers/?{query}").status_code == 200


def test_a_search_without_results_says_so_and_offers_to_end_it(owner):
    page = owner.get("/servers/?q=nowhere").content.decode()

    assert "nowhere" in page
    assert 'href="/servers/"' in page


def test_nobody_with_servers_is_told_what_this_is(acme, at):
    empty = Customer.objects.create(reseller=acme.reseller, name="Third")
    acme.stranger.memberships.update(customer=empty)

    answer = at(acme, acme.stranger).get("/servers/")

    assert names(answer) == []
    assert answer.status_code == 200


def test_the_age_of_what_is_shown_is_shown(acme, owner):
    Server.objects.filter(customer=acme.customer).update(status_seen_at=clock.now() - timedelta(minutes=5, seconds=2))

    assert "5 min ago" in owner.get("/servers/").content.decode()


def test_a_gone_server_is_shown_as_gone(acme, owner):
    server = acme.server(333)
    Server.objects.filter(pk=server.pk).update(gone_at=clock.now())

    assert names(owner.get("/servers/?state=gone")) == [server.name]
    assert "Gone at the provider" in owner.get("/servers/?state=gone").content.decode()


def test_a_part_is_answered_to_htmx(owner):
    part = owner.get("/servers/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert "server 333" in part or "web-1" in part
