"""The account: here, the caller's own in the portal."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.utils import is_mfa_enabled

from apps.accounts.services import program_sessions
from apps.jobs.commands import ORDERS
from apps.jobs.models import Job
from apps.jobs.selectors import jobs_for
from apps.rpc.handlers import Caller, Handler, NotByProgram, date

S = Job.Status
ENDED = {S.SUCCEEDED: "1", S.FAILED: "2", S.CANCELLED: "2"}


def logout(caller: Caller, given: Mapping[str, Any]) -> str:
    program_sessions.end(caller.session)
    return "ok"


def get_account(caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    user = caller.actor.user
    factor = "etoken" if is_mfa_enabled(user) else "off"
    return {"login": user.email, "name": "", "email": user.email, "phone": "", "twofactorauth": factor}


def set_password(caller: Caller, given: Mapping[str, Any]) -> str:
    """Ends every other sign-in of the user."""
    passkey = str(given.get("passkey") or "")
    program_sessions.change_password(caller.session, str(given["old"]), str(given["new"]), passkey, caller.address)
    return "ok"


def by_the_person(caller: Caller, given: Mapping[str, Any]) -> str:
    raise NotByProgram


def get_logs(caller: Caller, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The caller's jobs that were sent or wait to be: the newest first, 50 if no count is given."""
    jobs = jobs_for(caller.actor).order_by("-pk")[: int(given.get("count") or 50)]
    return [
        {
            "id": str(job.pk),
            "datepost": date(job.created_at),
            "datecommit": date(job.finished_at),
            "cmd": ORDERS[Job.Kind(job.kind)].command,
            "status": ENDED.get(S(job.status), "0"),
            "serverid": str(job.server_id or ""),
        }
        for job in jobs
    ]


HANDLERS: Mapping[str, Handler] = {
    "logout": logout,
    "get_account": get_account,
    "set_password": set_password,
    "update_account": by_the_person,
    "set_twofactorauth": by_the_person,
    "get_logs": get_logs,
}
