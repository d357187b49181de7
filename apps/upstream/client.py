"""The client of one upstream: validates against the catalogue, sends in one place, repeats nothing."""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import DecodeError, HTTPError, NameResolutionError, ReadTimeoutError

from apps.upstream.catalogue import Command, validated
from apps.upstream.dialect import Dialect
from apps.upstream.envelope import Answer, Asked, garbled, opened
from apps.upstream.errors import UpstreamError, UpstreamRefused, UpstreamSessionEnded, UpstreamUnreachable
from apps.upstream.readers import text
from apps.upstream.transport import Attempt, session_for, under
from apps.upstream.values import LoginResult


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, of silence, in total; and bytes of an answer."""

    connect: float = 3.0
    read: float = 10.0
    total: float = 12.0
    size: int = 8 * 1024 * 1024


class _TooLarge(Exception):
    pass


def check_url(url: str) -> None:
    """ValueError unless the URL is https, or plain http of this very machine."""
    parts = urlsplit(url)
    surplus = parts.username is not None or parts.query or parts.fragment
    if surplus or not parts.hostname or parts.port == 0:  # .port is a ValueError itself for what is no port
        raise ValueError("the address must be https://host/path, without a login, a query or a fragment in it")
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname)):
        return
    raise ValueError("the address must be https (plain http is for this machine only)")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Upstream:
    """One gateway address spoken to in one dialect. Threads may share it."""

    def __init__(self, url: str, dialect: Dialect | None = None, limits: Limits | None = None) -> None:
        check_url(url)
        self._url, self.dialect, self._limits = url, dialect or Dialect(), limits or Limits()

    def call(self, name: str, parameters: Mapping[str, Any], *, session: str, begin_before: float | None = None) -> Any:
        """Send one command once; the answer's `data`.

        Raises InvalidParameters before anything is sent, else one of the tree in `errors`. Past `begin_before`
        (time.monotonic) no byte leaves, however long the connecting takes: UpstreamUnreachable with sent=False.
        """
        command, sent = validated(name, parameters)
        asked = Asked(command.name, command.session, (session, *_secrets(command, sent)))
        answer = self._send(asked, _fields(command, sent, session), begin_before)
        if command.reads and "data" not in answer:
            raise garbled(asked, "an answer without data")
        return answer.get("data")

    def log_in(
        self,
        login: str,
        password: str,
        *,
        sms_key: str | None = None,
        passkey: str | None = None,
        send_key: bool = False,
    ) -> LoginResult:
        """login (documented). With `send_key` a key is sent and the result has no session."""
        given = {"loginUsername": login, "loginPassword": password, "smskey": sms_key, "passkey": passkey}
        command, sent = validated("login", {**given, "sendkey": 1 if send_key else None})
        asked = Asked("login", with_session=False, secrets=_secrets(command, sent))
        answer = self._send(asked, _fields(command, sent, ""))
        data = answer.get("data")
        session = text(answer.get("sess") or (data.get("sess") if isinstance(data, Mapping) else None))
        if not send_key and not session:
            raise garbled(asked, "an answer without a session")
        return LoginResult("" if send_key else session, text(answer.get("login")))

    def probe(self, name: str, session: str) -> str | None:
        """For calibration: send a word that need not be a command; the code it was refused with, None if it was not."""
        try:
            self._send(Asked(name, secrets=(session,)), {"cmd": name, "sess": session})
        except (UpstreamRefused, UpstreamSessionEnded) as refusal:
            return refusal.code
        return None

    def _send(self, asked: Asked, fields: Mapping[str, str], begin_before: float | None = None) -> dict[str, Any]:
        """The only place that talks to the upstream: a POST form, once, within the limits."""
        if begin_before is not None and time.monotonic() > begin_before:
            raise UpstreamUnreachable(asked.command, "too late", sent=False)
        attempt = Attempt(self._limits.total, begin_before)
        failure: UpstreamError
        with under(attempt):
            try:
                answer = self._exchange(fields, attempt)
            except _TooLarge:
                failure = garbled(asked, "too large an answer")
            except DecodeError:
                failure = garbled(asked, "an answer that cannot be unpacked")
            except (requests.RequestException, HTTPError, OSError, ValueError) as problem:
                failure = UpstreamUnreachable(asked.command, _reason(problem, attempt), sent=attempt.sent)
            else:
                return opened(asked, answer, self.dialect)
        raise failure  # out of the handlers: the library's exception holds the request, and that the secrets

    def _exchange(self, fields: Mapping[str, str], attempt: Attempt) -> Answer:
        with session_for(self._url).post(
            self._url,
            data=fields,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "client"},
            timeout=(min(self._limits.connect, self._limits.total), min(self._limits.read, self._limits.total)),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Answer(response.status_code, response.headers, self._body(response.raw, attempt))

    def _body(self, raw: Any, attempt: Attempt) -> bytes:
        """The whole body; TimeoutError past the deadline, ConnectionError if it ends early."""
        parts, size = [], 0
        while part := raw.read1(65536, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._limits.size:
                raise _TooLarge
            if time.monotonic() > attempt.ends:
                raise TimeoutError
        if attempt.over:
            raise TimeoutError
        if raw.length_remaining:
            raise ConnectionError
        return b"".join(parts)


def _secrets(command: Command, sent: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(sent[item.name]) for item in command.parameters if item.secret and item.name in sent)


def _fields(command: Command, sent: Mapping[str, Any], session: str) -> dict[str, str]:
    """The form: parameters one by one, or together as the JSON object that the command takes."""
    fields = {"cmd": command.name}
    if command.session:
        fields["sess"] = session
    if command.as_json:
        return {**fields, "json": json.dumps(sent, default=_plain, ensure_ascii=False)}
    return {**fields, **{name: str(value) for name, value in sent.items()}}


def _plain(value: Any) -> int | float | str:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _reason(problem: Exception, attempt: Attempt) -> str:
    """One word for what went wrong; the library's own text may hold what was sent."""
    if attempt.too_late:
        return "too late"
    if attempt.over or isinstance(problem, requests.Timeout | ReadTimeoutError | TimeoutError):
        return "timeout"
    if attempt.sent:
        return "cut"
    if isinstance(problem, requests.exceptions.SSLError):
        return "tls"
    below = getattr(problem.args[0], "reason", None) if problem.args else None
    if isinstance(below, NameResolutionError):
        return "name"
    return "refused" if isinstance(getattr(below, "__cause__", None), ConnectionRefusedError) else "no connection"
