"""login in its three modes, with the vendor's documented limits, and sessions of a day."""

from typing import Any

from sandbox.refusals import Refused
from sandbox.world import Account, Session, SmsKey, World

DAY = 24 * 3600
KEY_LIVES = 15 * 60
BETWEEN_KEYS = 30
TRIES = 3
PASSKEY = "123456"  # what the practice token shows, always


def log_in(world: World, given: dict[str, Any], now: float) -> dict[str, Any]:
    """The answer's fields; `sess` is missing when only a key was sent."""
    if not given.get("loginUsername") or "loginPassword" not in given:
        raise Refused("bad_parameter")
    account = world.accounts.get(str(given["loginUsername"]))
    if account is None or str(given["loginPassword"]) != account.password:
        raise Refused("bad_login")
    if account.mode == "sms":
        if str(given.get("sendkey", "0")) == "1":
            _send_key(world, account, now)
            return {"data": "sent", "login": account.login}
        _check_key(account, str(given.get("smskey") or ""), now)
    if account.mode == "etoken":
        _check_passkey(str(given.get("passkey") or ""))
    name = f"{world.draw('sessions').getrandbits(128):032x}"
    world.sessions[name] = Session(account.login, now + DAY)
    return {"sess": name, "login": account.login}


def _send_key(world: World, account: Account, now: float) -> None:
    if account.sms and now - account.sms.sent < BETWEEN_KEYS:
        raise Refused("key_too_soon")
    account.sms = SmsKey(f"{world.draw('keys').randrange(100_000, 1_000_000)}", now)


def _check_key(account: Account, given: str, now: float) -> None:
    sms = account.sms
    if not given:
        raise Refused("key_needed")
    if sms is None:
        raise Refused("key_wrong")
    if sms.spent or sms.tries >= TRIES or now - sms.sent > KEY_LIVES:
        raise Refused("key_expired")
    sms.tries += 1
    if given != sms.key:
        raise Refused("key_wrong")
    sms.spent = True


def _check_passkey(given: str) -> None:
    if given != PASSKEY:
        raise Refused("key_wrong" if given else "key_needed")


def account_of(world: World, name: Any, now: float) -> Account:
    """Whose session this is; one that has ended is refused with another code than a senseless one."""
    session = world.sessions.get(str(name))
    if session is None or session.account not in world.accounts:
        raise Refused("session_invalid")
    if session.ends <= now:
        raise Refused("session_expired")
    return world.accounts[session.account]


def end(world: World, name: Any, now: float) -> None:
    world.sessions[str(name)].ends = now


def end_all(world: World, login: str | None, now: float) -> None:
    """Sessions end now, as after a day: of one account, or of all."""
    for session in world.sessions.values():
        if login in {None, session.account}:
            session.ends = min(session.ends, now)
