"""What the clock asks for, and how often, in seconds. A tick that comes late is dropped: the next one does its work."""

from typing import Any


def _every(task: str, seconds: float) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": max(2.0, seconds)}}


SCHEDULE = {
    "look at jobs where a look is due": _every("jobs.clock", 1.0),
    "refresh servers where it is due": _every("servers.clock", 1.0),
    "refresh templates where it is due": _every("images.clock", 5.0),
    "refresh presets where it is due": _every("servers.presets_clock", 5.0),
    "refresh zones where it is due": _every("dns.clock", 5.0),
    "refresh private networks where it is due": _every("networks.clock", 5.0),
    "sample servers where it is due": _every("statistics.clock", 5.0),
    "forget old samples": _every("statistics.forget_old", 3600.0),
    "refresh contracts where it is due": _every("billing.clock", 5.0),
    "settle changes whose answer was lost": _every("writes.clock", 1.0),
    "tell and send what was missed": _every("notifications.sweep", 10.0),
    "keep sessions alive": _every("resellers.keep_sessions", 60.0),
}
ROUTES = {
    "servers.*": {"queue": "background"},
    "images.*": {"queue": "background"},
    "dns.*": {"queue": "background"},
    "networks.*": {"queue": "background"},
    "statistics.*": {"queue": "background"},
    "billing.*": {"queue": "background"},
}
