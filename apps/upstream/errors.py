"""How a call to the upstream fails.

    UpstreamError
    ├── UpstreamUnreachable   no answer: not connected, cut, or too slow
    ├── UpstreamThrottled     told to come back later
    ├── UpstreamSessionEnded  refused with a code known to mean "session not valid"
    ├── UpstreamRefused       refused with any other code
    └── UpstreamGarbled       an answer that is none: HTML, empty, half, of a wrong type, too large

No text of these ever holds a secret.
"""


class UpstreamError(Exception):
    """A call of `command` failed. `may_have_happened` says whether a change may have been accepted all the same."""

    may_have_happened = True

    def __init__(self, command: str, detail: str = "") -> None:
        super().__init__(f"{command}: {detail}" if detail else command)
        self.command = command


class UpstreamUnreachable(UpstreamError):
    """No answer. `sent` is False only if surely no byte of the request left this machine.

    `reason`: name, refused, no connection, tls, too late, timeout, cut.
    """

    def __init__(self, command: str, reason: str = "", *, sent: bool) -> None:
        super().__init__(command, reason)
        self.reason, self.sent = reason, sent
        self.may_have_happened = sent


class UpstreamThrottled(UpstreamError):
    """Too many calls. `retry_after` in seconds, if the upstream named it.

    A code or HTTP 429 is a refusal; an HTTP 503 may come from something between that had passed the command on.
    """

    def __init__(self, command: str, retry_after: float | None = None, *, may_have_happened: bool = False) -> None:
        super().__init__(command, "throttled")
        self.retry_after, self.may_have_happened = retry_after, may_have_happened


class UpstreamRefused(UpstreamError):
    """`success: false` with a code of the upstream's own, e.g. "0027"; a secret in it is hidden."""

    may_have_happened = False

    def __init__(self, command: str, code: str) -> None:
        super().__init__(command, f"refused with {code}" if code else "refused without a code")
        self.code = code


class UpstreamSessionEnded(UpstreamError):
    """Refused because the session is not valid (any more): the command was not carried out."""

    may_have_happened = False

    def __init__(self, command: str, code: str) -> None:
        super().__init__(command, f"session not valid ({code})")
        self.code = code


class UpstreamGarbled(UpstreamError):
    """An answer that cannot be read; `excerpt` is its first 200 characters without secrets, for the log."""

    def __init__(self, command: str, detail: str, excerpt: str = "") -> None:
        super().__init__(command, detail)
        self.excerpt = excerpt
