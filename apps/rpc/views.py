"""The door for programs that were written for the vendor: one address, its protocol, our ids and codes."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.actor import Actor
from apps.accounts.services import program_sessions
from apps.common.errors import InvalidInput, PortalError
from apps.resellers.middleware import client_address
from apps.rpc import codes, protocol
from apps.rpc.commands import HANDLERS, usable_by
from apps.rpc.handlers import Beside, Caller
from apps.rpc.protocol import Refusal
from apps.upstream.catalogue import COMMANDS, InvalidParameters, validated

PER_MINUTE, PER_MINUTE_UNKNOWN = 1200, 120
OURS = {"set_password": frozenset({"passkey"})}  # parameters that the vendor does not have
log = logging.getLogger(__name__)


@csrf_exempt  # no cookie counts here: whoever has no word from `login` can do nothing
@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest) -> HttpResponse:
    """One call."""
    login: list[str] = [""]
    try:
        return _call(request, protocol.read(request), login)
    except Refusal as refusal:
        return protocol.refuse(login[0], refusal.code, parameter=refusal.parameter, retry_after=refusal.retry_after)
    except PortalError as error:
        parameter = next(iter(error.errors), "") if isinstance(error, InvalidInput) else ""
        wait = getattr(error, "retry_after", None)
        return protocol.refuse(login[0], codes.code_of(error), _sentence(error), parameter, wait)
    except Exception:
        log.exception("a call broke")  # the traceback has no parameters
        return protocol.refuse(login[0], codes.BROKEN)


def _sentence(error: PortalError) -> str:
    if isinstance(error, InvalidInput) and error.errors:
        return " ".join(str(text) for texts in error.errors.values() for text in texts)
    return str(error)


def _call(request: HttpRequest, given: dict[str, Any], login: list[str]) -> HttpResponse:
    command, address = str(given.pop("cmd", "")), client_address(request)
    reseller_id: int = request.reseller.pk  # type: ignore[attr-defined]
    if command == "login":
        _count(f"address:{address}", PER_MINUTE_UNKNOWN)
        return _login(reseller_id, given, address)
    session = program_sessions.find(str(given.pop("sess", "")), reseller_id)
    if session is None:
        _count(f"address:{address}", PER_MINUTE_UNKNOWN)
        raise Refusal(codes.SESSION_INVALID)
    login[0] = session.user.email
    _count(f"session:{session.pk}", PER_MINUTE)
    caller = Caller(Actor(session.user), session, address)
    if command == "get_functions":
        return protocol.answer(login[0], _functions(caller, given))
    if command not in HANDLERS:
        raise Refusal(codes.UNKNOWN_COMMAND)
    found = HANDLERS[command](caller, _checked(command, given))
    if isinstance(found, Beside):
        return protocol.answer(login[0], found.data, **found.more)
    return protocol.answer(login[0], found)


def _login(reseller_id: int, given: dict[str, Any], address: str) -> HttpResponse:
    """`sendkey` asks for nothing here: a second factor is a code of the user's own device, and is never skipped."""
    given = _checked("login", given)
    email, password = str(given["loginUsername"]), str(given["loginPassword"])
    session, word = program_sessions.sign_in(reseller_id, email, password, str(given.get("passkey", "")), address)
    return protocol.answer(session.user.email, sess=word)


def _checked(command: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters as the catalogue wants them; Refusal names the first that is missing, surplus or wrong."""
    ours = {name: given[name] for name in OURS.get(command, ()) if name in given}
    theirs = {name: value for name, value in given.items() if name not in ours}
    try:
        _command, sent = validated(command, theirs)
    except InvalidParameters as wrong:
        known = COMMANDS[command].parameter(wrong.parameter) is not None
        if not known:
            raise Refusal(codes.SURPLUS_PARAMETER, wrong.parameter[:80]) from None
        code = codes.BAD_PARAMETER if theirs.get(wrong.parameter) is not None else codes.MISSING_PARAMETER
        raise Refusal(code, wrong.parameter) from None
    return {**sent, **ours}


def _functions(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The commands that this caller may use, with their parameters."""
    if given:
        raise Refusal(codes.SURPLUS_PARAMETER, next(iter(given))[:80])
    return [
        {
            "cmd": name,
            "parameters": [
                {"name": parameter.name, "type": parameter.type.value, "required": parameter.required}
                for parameter in COMMANDS[name].parameters
            ],
        }
        for name in usable_by(caller.actor)
    ]


def _count(who: str, most: int) -> None:
    """So many calls a minute."""
    key = f"rpc:{who}"
    if cache.add(key, 1, 60):
        return
    if cache.incr(key) > most:
        raise Refusal(codes.TOO_MANY, retry_after=60)
