"""The client and the practice upstream, over HTTP, for ten readings of what the vendor leaves open."""

import pytest

from apps.upstream import readers
from apps.upstream.calibration import calibrate
from apps.upstream.client import Limits, Upstream
from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamRefused, UpstreamSessionEnded, UpstreamThrottled, UpstreamUnreachable
from apps.upstream.values import JournalState, Power
from tests.upstream.conftest import QUICK, saying

SEEDS = range(10)


@pytest.fixture(params=SEEDS)
def signed_in(request, sandbox_process):
    """The client with a session, at the beginning of this seed."""
    sandbox_process.reset(seed=request.param)
    upstream = Upstream(sandbox_process.url)
    return upstream, upstream.log_in("user99", "secret").session


def test_lists_are_read_the_same_by_every_seed(signed_in):
    upstream, session = signed_in

    def asked(name, **parameters):
        return upstream.call(name, parameters, session=session)

    servers = {server.id: server for server in readers.read_servers(asked("get_servers"), upstream.dialect)}
    assert servers["333"].power in {Power.ON, Power.OFF}
    assert servers["333"].created_at is not None
    assert {id_: server.power for id_, server in servers.items()} == readers.read_statuses(
        asked("get_servers_status"), upstream.dialect
    )
    assert all(template.min_disk_gb for template in readers.read_templates(asked("get_templates"), upstream.dialect))
    assert isinstance(readers.read_journal(asked("get_logs", count=100), upstream.dialect), list)


def test_an_accepted_command_comes_to_stand_in_the_journal(signed_in, sandbox_process):
    upstream, session = signed_in
    on = readers.read_statuses(upstream.call("get_servers_status", {}, session=session), upstream.dialect)["333"]

    upstream.call("stop_server" if on is Power.ON else "run_server", {"id": 333}, session=session)
    sandbox_process.advance(3600)

    entries = readers.read_journal(upstream.call("get_logs", {"count": 100}, session=session), upstream.dialect)
    assert [entry.state for entry in entries if entry.server_id == "333"] == [JournalState.DONE]


def test_calibration_learns_the_codes_of_every_seed(signed_in, sandbox_process):
    upstream, session = signed_in

    learned = calibrate(upstream, session)

    codes = sandbox_process.control("codes")
    assert learned.session_ended == {codes["session_invalid"]}
    assert learned.unknown_command == {codes["unknown_command"]}
    dialect = Dialect().merged({"session_ended": learned.session_ended, "unknown_command": learned.unknown_command})
    with pytest.raises(UpstreamSessionEnded):
        Upstream(sandbox_process.url, dialect).call("get_servers", {}, session="0" * 32)


def test_calibration_under_an_ended_session_learns_nothing_wrong(signed_in, sandbox_process):
    upstream, session = signed_in
    sandbox_process.control("expire_sessions")

    assert calibrate(upstream, session).unknown_command == frozenset()


def test_a_wrong_password_is_refused_with_a_code(sandbox_process):
    for seed in SEEDS:
        sandbox_process.reset(seed=seed)
        with pytest.raises(UpstreamRefused) as caught:
            Upstream(sandbox_process.url).log_in("user99", "wrong")
        assert caught.value.code


@pytest.mark.parametrize(
    ("fault", "error", "may_have_happened"),
    [
        ("cut_before", UpstreamUnreachable, True),
        ("cut_after", UpstreamUnreachable, True),
        ("throttle_http", UpstreamThrottled, False),
        ("unknown_code", UpstreamRefused, False),
    ],
)
def test_faults_become_the_errors_that_they_are(sandbox, fault, error, may_have_happened):
    upstream = Upstream(sandbox.url, limits=Limits(total=2))
    session = upstream.log_in("user99", "secret").session
    sandbox.fault(fault, cmd="clone_server")

    with pytest.raises(error) as caught:
        upstream.call("clone_server", {"id": 333}, session=session)

    assert caught.value.may_have_happened is may_have_happened


@pytest.mark.parametrize("answer", ['{"success":false,"data":"0001"}', '{"success":true,"data":[]}'])
def test_calibration_learns_nothing_from_an_upstream_that_says_one_thing_to_everything(vendor, answer):
    vendor.handle = saying(answer)

    learned = calibrate(Upstream(vendor.url, limits=QUICK), "session")

    assert (learned.session_ended, learned.unknown_command) == (frozenset(), frozenset())
    assert len(vendor.requests) == 3


def test_one_code_for_both_says_nothing_of_either(vendor):
    def answer(vendor, conn):
        known = vendor.forms[-1] == {"cmd": "get_servers_status", "sess": "session"}
        vendor.answer(conn, b'{"success":true,"data":[]}' if known else b'{"success":false,"data":"0001"}')

    vendor.handle = answer

    learned = calibrate(Upstream(vendor.url, limits=QUICK), "session")

    assert (learned.session_ended, learned.unknown_command) == (frozenset(), frozenset())
