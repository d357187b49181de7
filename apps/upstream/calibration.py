"""Learning an account's codes instead of guessing them: three harmless calls."""

import secrets
from dataclasses import dataclass

from apps.upstream.client import Upstream

HARMLESS = "get_servers_status"


@dataclass(frozen=True, slots=True)
class Learned:
    """Codes that came back for a senseless session and for an unknown command; empty where that is not certain."""

    session_ended: frozenset[str]
    unknown_command: frozenset[str]


def calibrate(upstream: Upstream, session: str) -> Learned:
    """Ask a read with a senseless session, a word that is no command, and the read again with the real session.

    One code for both says nothing of either, so neither is learned. Were the session ended by now, the second
    answer would be about that: it counts only if the session still works after it. Raises UpstreamError.
    """
    senseless = upstream.probe(HARMLESS, secrets.token_hex(16)) or ""
    unknown = upstream.probe(f"no_such_command_{secrets.token_hex(4)}", session) or ""
    works = upstream.probe(HARMLESS, session) is None
    if senseless == unknown or not works:
        return Learned(frozenset({senseless} - {"", unknown}), frozenset())
    return Learned(frozenset({senseless} - {""}), frozenset({unknown} - {""}))
