"""manage.py upstream_check against the practice upstream."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.resellers.models import UpstreamAccount


def check(slug: str) -> str:
    said = StringIO()
    call_command("upstream_check", slug, stdout=said)
    return said.getvalue()


def test_it_tells_what_answered_and_what_is_an_unknown_command(acme, sandbox):
    said = check("acme")

    assert "get_servers            answered" in said
    assert "get_tickets            unknown command" in said
    assert "get_ticket             not tried" in said
    assert all(line["cmd"] in {"login"} or not line["accepted"] for line in sandbox.ledger())


@pytest.mark.parametrize("seed", range(5))
def test_it_learns_the_codes_of_the_account(db, sandbox, seed):
    from tests import house

    sandbox.reset(seed=seed)
    house.build("acme", sandbox.url, "user99", [], [])
    check("acme")

    learned = UpstreamAccount.objects.get().learned
    codes = sandbox.control("codes")
    assert codes["session_invalid"] in learned["session_ended"]
    assert learned["unknown_command"] == [codes["unknown_command"]]


def test_a_refused_login_is_said_with_its_code(acme, sandbox):
    sandbox.control("set_account", account="user99", password="another")
    sandbox.control("expire_sessions")

    with pytest.raises(CommandError, match=sandbox.control("codes")["bad_login"]):
        check("acme")


def test_a_reseller_without_an_account_is_said_plainly(db):
    with pytest.raises(CommandError, match="No upstream account"):
        check("nobody")
