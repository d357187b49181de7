import http.client
import json
import threading
import time

import pytest

BROKEN = (http.client.HTTPException, ConnectionError)


def cut(wire, cmd="stop_server", **given):
    with pytest.raises(BROKEN):
        wire.ask(cmd, id=333, **given)


def answered(wire, cmd="get_account", **given):
    query = "&".join(f"{key}={value}" for key, value in {"cmd": cmd, "sess": wire.sess, **given}.items())
    return wire.raw("GET", f"/api?{query}")


def test_cut_before_accepts_nothing(wire, sandbox):
    sandbox.fault("cut_before", cmd="stop_server", count=1)
    cut(wire)
    assert (wire.states()[333], wire.data("get_logs")) == (1, [])
    [line] = sandbox.ledger("stop_server")
    assert (line["accepted"], line["outcome"], line["faults"]) == (False, "cut_before", ["cut_before"])


def test_cut_after_accepts_once_and_answers_nothing(wire, sandbox):
    sandbox.fault("cut_after", cmd="stop_server", count=1)
    cut(wire)
    assert (wire.states()[333], len(wire.data("get_logs"))) == (3, 1)
    [line] = sandbox.ledger("stop_server")
    assert (line["accepted"], line["outcome"]) == (True, "cut_after")


def test_a_cut_command_can_be_accepted_late_and_stays_one_line(wire, sandbox):
    sandbox.fault("cut_after", cmd="stop_server", count=1, late=2.5)
    cut(wire)
    assert (wire.states()[333], wire.data("get_logs")) == (1, [])
    assert sandbox.accepted("stop_server") == 0

    sandbox.advance(2.5)

    assert (wire.states()[333], len(wire.data("get_logs"))) == (3, 1)
    [line] = sandbox.ledger("stop_server")
    assert (line["accepted"], line["outcome"], sandbox.accepted("stop_server")) == (True, "accepted late", 1)
    sandbox.advance(6)
    assert wire.states()[333] == 0


def test_late_acceptance_takes_its_place_in_time(wire, sandbox):
    sandbox.fault("cut_after", cmd="stop_server", count=1, late=2)
    cut(wire)
    sandbox.advance(100)

    [entry] = sandbox.control("state", account="user99")["journal"]
    assert (entry["settled"], wire.states()[333]) == (True, 0)
    assert entry["ends"] - entry["posted"] == 6


def test_a_late_command_can_be_refused(wire, sandbox):
    sandbox.fault("cut_after", cmd="stop_server", count=1, late=2)
    cut(wire)
    sandbox.control("set_power", account="user99", id=333, state="off")
    sandbox.advance(3)

    assert [line["outcome"] for line in sandbox.ledger("stop_server")] == ["refused late: wrong_state"]
    assert wire.data("get_logs") == []


@pytest.mark.parametrize(("kind", "accepted"), [("half", 1), ("number", 1), ("html", 0), ("empty", 0), ("http_502", 0)])
def test_a_garbled_answer_is_garbled_and_says_whether_it_was_accepted(wire, sandbox, kind, accepted):
    sandbox.fault(kind, cmd="stop_server", count=2)
    status, headers, body = answered(wire, "stop_server", id=333)

    assert status == (502 if kind == "http_502" else 200)
    if kind == "number":
        assert json.loads(body) == 7
    else:
        with pytest.raises(json.JSONDecodeError):
            json.loads(body)
    assert headers["Content-Type"].startswith("text/html" if kind in {"html", "http_502"} else "application/json")
    assert (sandbox.accepted("stop_server"), wire.states()[333]) == (accepted, 3 if accepted else 1)


@pytest.mark.parametrize("kind", ["half", "html", "502"])
def test_accepts_turns_the_usual_round(wire, sandbox, kind):
    sandbox.fault(kind, cmd="stop_server", count=1, accepts=kind != "half")
    answered(wire, "stop_server", id=333)

    assert sandbox.accepted("stop_server") == (0 if kind == "half" else 1)


def test_throttling_by_code_and_by_status(wire, sandbox, codes):
    sandbox.fault("throttle", cmd="stop_server", count=1)
    sandbox.fault("429", cmd="reload_server", count=1, seconds=7)

    assert wire.code("stop_server", id=333) == codes["throttled"]
    status, headers, _body = answered(wire, "reload_server", id=333)
    assert (status, headers["Retry-After"]) == (429, "7")
    assert wire.data("get_logs") == []


def test_an_unknown_code_has_no_meaning(wire, sandbox, codes):
    sandbox.fault("unknown_code", cmd="stop_server", count=1)

    assert wire.code("stop_server", id=333) not in codes.values()
    assert wire.states()[333] == 1


def test_an_unknown_status_is_shown_everywhere_and_is_not_spent_by_other_calls(wire, sandbox):
    sandbox.fault("unknown_status", server=333, count=3)
    wire.ask("get_account")

    assert {id_ for id_, state in wire.states().items() if state == 9} == {333}
    assert [row["id"] for row in wire.data("get_servers") if row["status"] == 9] == [333]
    assert wire.data("get_server", id=333)["status"] == 9
    assert wire.data("get_server", id=333)["status"] == 1


@pytest.mark.parametrize(
    ("cmd", "id_", "was"), [("stop_server", 333, 1), ("reinstall_server", 334, 1), ("run_server", 335, 0)]
)
def test_a_task_that_fails_leaves_the_server_as_it_was(wire, sandbox, cmd, id_, was):
    before = wire.data("get_server", id=id_)
    sandbox.fault("fail_task", cmd=cmd, count=1)
    wire.data(cmd, id=id_, template=15)
    sandbox.advance(60)

    assert (wire.data("get_logs")[0]["status"], before["status"]) == (2, was)
    assert wire.data("get_server", id=id_) == before


def test_a_clone_that_fails_vanishes_and_costs_nothing(wire, sandbox):
    sandbox.fault("fail_task", count=1)
    copy = int(wire.data("clone_server", id=333))
    sandbox.advance(200)

    assert (copy in wire.states(), wire.states()[333], wire.data("get_logs")[0]["status"]) == (False, 1, 2)
    assert sandbox.control("state", account="user99")["balance"] == 50_000


def test_a_refused_command_does_not_spend_the_next_tasks_failure(wire, sandbox):
    sandbox.fault("fail_task", cmd="stop_server", count=1)
    wire.code("stop_server", id=335)
    wire.data("stop_server", id=333)
    sandbox.advance(6)

    assert wire.data("get_logs")[0]["status"] == 2


def test_a_task_can_stay_out_of_the_journal(wire, sandbox):
    sandbox.fault("no_journal", cmd="stop_server", count=1)
    wire.data("stop_server", id=333)
    sandbox.advance(1000)

    assert (wire.states()[333], wire.data("get_logs")) == (0, [])
    [entry] = sandbox.control("state", account="user99")["journal"]
    assert (entry["status"], entry["listed"]) == (1, False)


def test_sessions_end_right_before_a_call_and_never_before_a_login(wire, sandbox, codes):
    sandbox.fault("expire", after=1)
    wire.login()
    assert wire.ask("get_account")["success"] is True
    assert wire.code("get_account") == codes["session_expired"]
    wire.login()
    assert wire.ask("get_account")["success"] is True


def test_a_fault_can_be_limited_to_an_account_a_server_a_count_and_later_calls(wire, sandbox, codes):
    sandbox.fault("throttle", account="user77")
    sandbox.fault("throttle", cmd="get_server", server=334, after=1, count=2)
    seen = [wire.ask("get_server", id=334)["success"] for _ in range(4)]

    assert seen == [True, False, False, True]
    assert wire.ask("get_server", id=335)["success"] is True
    assert wire.login("user77")["data"] == codes["throttled"]
    assert [fault["account"] for fault in sandbox.control("faults")] == ["user77"]
    sandbox.control("clear_faults")
    assert wire.login("user77")["success"] is True


def test_a_slow_answer_is_slow_and_whole(wire, sandbox):
    sandbox.fault("slow", cmd="stop_server", count=1, seconds=0.3)
    began = time.monotonic()

    assert wire.data("stop_server", id=333) == "333"
    assert time.monotonic() - began >= 0.3


def test_a_hanging_call_holds_up_nobody_else_and_ends_when_faults_are_cleared(wire, sandbox):
    sandbox.fault("hang", cmd="stop_server", count=1)
    ended = []

    def call():
        cut(wire)
        ended.append(True)

    caller = threading.Thread(target=call)
    caller.start()
    while not sandbox.calls("stop_server"):
        pass

    assert wire.states()[333] == 3
    assert not ended
    sandbox.control("clear_faults")
    caller.join(5)
    assert ended


def test_a_client_that_gives_up_on_a_hanging_call_leaves_it_accepted_once(wire, sandbox):
    sandbox.fault("hang", cmd="stop_server", count=1)
    with pytest.raises(TimeoutError):
        wire.raw("GET", f"/api?cmd=stop_server&id=333&sess={wire.sess}", timeout=0.3)

    assert (sandbox.accepted("stop_server"), wire.states()[333]) == (1, 3)


def test_a_hang_can_be_told_to_accept_nothing(wire, sandbox):
    sandbox.fault("hang", cmd="stop_server", count=1, seconds=0.1, accepts=False)
    cut(wire)

    assert (sandbox.accepted("stop_server"), wire.states()[333]) == (0, 1)


def refused(wire):
    try:
        wire.ask("get_account")
    except ConnectionRefusedError:
        return True
    except BROKEN:
        return False
    return False


def again(kept, wire):
    kept.request("GET", f"/api?cmd=get_account&sess={wire.sess}")
    return kept.getresponse()


def until(condition):
    ends = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < ends
    return True


def test_connections_are_refused_until_cleared_and_open_ones_are_thrown_out(wire, sandbox):
    kept = http.client.HTTPConnection(wire.host, timeout=5)
    again(kept, wire).read()
    sandbox.fault("refuse_connections", seconds=0)

    assert until(lambda: refused(wire))
    calls = len(sandbox.ledger())
    kept.auto_open = 0
    with pytest.raises((http.client.HTTPException, OSError)):
        again(kept, wire)
    kept.close()
    assert (len(sandbox.ledger()), refused(wire)) == (calls, True)

    sandbox.control("clear_faults")
    assert wire.ask("get_account")["success"] is True


def test_connections_are_refused_for_a_time(wire, sandbox):
    sandbox.fault("refuse_connections", seconds=0.3)

    assert until(lambda: refused(wire))
    assert until(lambda: not refused(wire))
    assert wire.ask("get_account")["success"] is True


def test_connections_are_refused_from_a_call_on(wire, sandbox):
    sandbox.fault("refuse_connections", cmd="stop_server", seconds=0)
    cut(wire)

    assert until(lambda: refused(wire))
    sandbox.control("clear_faults")
    assert (wire.states()[333], sandbox.accepted("stop_server")) == (1, 0)
