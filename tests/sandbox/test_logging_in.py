import pytest

DAY = 24 * 3600


def test_a_session_lives_a_day_and_then_is_refused_in_another_way_than_a_senseless_one(wire, sandbox, codes):
    sandbox.advance(DAY - 60)
    assert wire.ask("get_account")["success"] is True

    sandbox.advance(61)
    assert wire.code("get_account") == codes["session_expired"]
    wire.sess = "0" * 32
    assert wire.code("get_account") == codes["session_invalid"] != codes["session_expired"]
    assert wire.get(cmd="get_account")["data"] == codes["session_invalid"]


def test_logout_ends_the_session_and_no_other(wire, codes):
    first = wire.sess
    wire.login()

    assert wire.data("logout") == "ok"

    assert wire.code("get_account") == codes["session_expired"]
    wire.sess = first
    assert wire.ask("get_account")["success"] is True


@pytest.mark.parametrize(("login", "password"), [("user99", "wrong"), ("nobody", "secret"), ("USER99", "secret")])
def test_a_wrong_login_and_a_wrong_password_look_alike(wire, codes, login, password):
    answer = wire.login(login, password)

    assert (answer["success"], answer["data"]) == (False, codes["bad_login"])
    assert "sess" not in answer


@pytest.mark.parametrize("given", [{}, {"loginUsername": "user99"}, {"loginPassword": "secret"}])
def test_login_needs_both_its_parameters(wire, codes, given):
    assert wire.get(cmd="login", **given)["data"] == codes["bad_parameter"]


def test_an_sms_account_needs_a_key_that_is_sent_on_demand(wire, sandbox, codes):
    assert wire.login("smsuser")["data"] == codes["key_needed"]

    asked = wire.login("smsuser", sendkey=1)
    assert asked["success"] is True
    assert "sess" not in asked

    key = sandbox.control("sms_key", account="smsuser")
    answer = wire.login("smsuser", smskey=key)
    assert (answer["login"], len(answer["sess"])) == ("smsuser", 32)
    assert wire.data("get_account")["twofactorauth"] == "sms"


def test_no_key_is_sent_for_a_wrong_password(wire, sandbox, codes):
    assert wire.login("smsuser", "wrong", sendkey=1)["data"] == codes["bad_login"]
    assert sandbox.control("sms_key", account="smsuser") is None


def test_a_key_can_be_asked_for_once_in_thirty_seconds_even_after_a_login(wire, sandbox, codes):
    wire.login("smsuser", sendkey=1)
    key = sandbox.control("sms_key", account="smsuser")
    sandbox.advance(25)
    assert wire.login("smsuser", sendkey=1)["data"] == codes["key_too_soon"]
    assert "sess" in wire.login("smsuser", smskey=key)
    assert wire.login("smsuser", sendkey=1)["data"] == codes["key_too_soon"]

    sandbox.advance(6)
    assert wire.login("smsuser", sendkey=1)["success"] is True
    assert sandbox.control("sms_key", account="smsuser") != key


def test_a_key_lives_fifteen_minutes(wire, sandbox, codes):
    wire.login("smsuser", sendkey=1)
    key = sandbox.control("sms_key", account="smsuser")
    sandbox.advance(15 * 60 + 1)

    assert wire.login("smsuser", smskey=key)["data"] == codes["key_expired"]


def test_a_key_dies_with_its_third_wrong_try_and_a_new_one_works(wire, sandbox, codes):
    wire.login("smsuser", sendkey=1)
    for _ in range(3):
        assert wire.login("smsuser", smskey="1")["data"] == codes["key_wrong"]
    assert wire.login("smsuser", smskey=sandbox.control("sms_key", account="smsuser"))["data"] == codes["key_expired"]

    sandbox.advance(31)
    wire.login("smsuser", sendkey=1)
    assert "sess" in wire.login("smsuser", smskey=sandbox.control("sms_key", account="smsuser"))


def test_a_key_works_on_its_third_try_and_only_once(wire, sandbox, codes):
    wire.login("smsuser", sendkey=1)
    key = sandbox.control("sms_key", account="smsuser")
    wire.login("smsuser", smskey="1")
    wire.login("smsuser", smskey="2")

    assert "sess" in wire.login("smsuser", smskey=key)
    assert wire.login("smsuser", smskey=key)["data"] == codes["key_expired"]


def test_an_etoken_account_needs_its_passkey(wire, codes):
    assert wire.login("tokenuser")["data"] == codes["key_needed"]
    assert wire.login("tokenuser", passkey="654321")["data"] == codes["key_wrong"]
    assert "sess" in wire.login("tokenuser", passkey="123456")


def test_tests_can_change_a_password_and_end_sessions(wire, sandbox, codes):
    sandbox.control("set_account", account="user99", password="another")
    assert wire.ask("get_account")["success"] is True

    sandbox.control("expire_sessions", account="user99")
    assert wire.code("get_account") == codes["session_expired"]
    assert wire.login()["data"] == codes["bad_login"]
    assert "sess" in wire.login(password="another")
