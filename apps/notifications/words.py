"""What a message says, by the kind of its event."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.common.errors import Text

SUBJECTS: Mapping[str, Text] = {
    "job.succeeded:start": lazy("{server} is running"),
    "job.succeeded:stop": lazy("{server} is stopped"),
    "job.succeeded:pause": lazy("{server} is paused"),
    "job.succeeded:reboot": lazy("{server} was rebooted"),
    "job.succeeded:clone": lazy("{target} is ready"),
    "job.succeeded:reinstall": lazy("{server} was reinstalled"),
    "job.succeeded:create": lazy("{server} is ready"),
    "job.succeeded:resize": lazy("{server} has its new size"),
    "job.succeeded:archive": lazy("{server} is archived"),
    "job.succeeded:restore": lazy("{server} is back"),
    "job.succeeded:delete": lazy("{server} was deleted"),
    **dict.fromkeys(
        ("job.succeeded:connect", "job.succeeded:move", "job.succeeded:disconnect", "job.succeeded:link_up"),
        lazy("The network of {server} was changed"),
    ),
    "job.succeeded:link_down": lazy("The network of {server} was changed"),
    **dict.fromkeys(("job.succeeded:template", "job.succeeded:iso"), lazy("The image {target} is ready")),
    **dict.fromkeys(("job.failed:template", "job.failed:iso"), lazy("The image {target} was not made")),
    **dict.fromkeys(("job.cancelled:template", "job.cancelled:iso"), lazy("The making of {target} was cancelled")),
    "job.failed": lazy("The network of {server} was not changed"),
    "job.cancelled": lazy("The change of the network of {server} was cancelled"),
    "job.failed:create": lazy("{server} was not made"),
    "job.failed:resize": lazy("{server} was not resized"),
    "job.failed:archive": lazy("{server} was not archived"),
    "job.failed:restore": lazy("{server} was not restored"),
    "job.failed:delete": lazy("{server} was not deleted"),
    "job.cancelled:create": lazy("The making of {server} was cancelled"),
    "job.cancelled:resize": lazy("The resize of {server} was cancelled"),
    "job.cancelled:archive": lazy("The archiving of {server} was cancelled"),
    "job.cancelled:restore": lazy("The restore of {server} was cancelled"),
    "job.cancelled:delete": lazy("The deletion of {server} was cancelled"),
    "job.failed:start": lazy("{server} was not started"),
    "job.failed:stop": lazy("{server} was not stopped"),
    "job.failed:pause": lazy("{server} was not paused"),
    "job.failed:reboot": lazy("{server} was not rebooted"),
    "job.failed:clone": lazy("{server} was not cloned"),
    "job.failed:reinstall": lazy("{server} was not reinstalled"),
    "job.cancelled:start": lazy("The start of {server} was cancelled"),
    "job.cancelled:stop": lazy("The stop of {server} was cancelled"),
    "job.cancelled:pause": lazy("The pause of {server} was cancelled"),
    "job.cancelled:reboot": lazy("The reboot of {server} was cancelled"),
    "job.cancelled:clone": lazy("The clone of {server} was cancelled"),
    "job.cancelled:reinstall": lazy("The reinstall of {server} was cancelled"),
    "job.uncertain": lazy("An order for {server} is being checked"),
    "job.appeared_after_all": lazy("An order for {server} was carried out after all"),
    "case.opened": lazy("A job on {server} needs a decision"),
    "upstream_account.refused": lazy("The password of the account “{name}” was refused"),
    "upstream_account.key_needed": lazy("The account “{name}” needs a key"),
    "upstream_account.ending": lazy("The session of the account “{name}” ends within the hour"),
    "upstream_account.working": lazy("The account “{name}” works again"),
    "user.password_changed": lazy("Your password was changed"),
    "user.password_reset_asked": lazy("A new password"),
}
SENTENCES: Mapping[str, Text] = {
    "job.succeeded:start": lazy("{server} is running."),
    "job.succeeded:stop": lazy("{server} is stopped."),
    "job.succeeded:pause": lazy("{server} is paused."),
    "job.succeeded:reboot": lazy("{server} was rebooted and is running."),
    "job.succeeded:clone": lazy("{target}, the clone of {server}, is ready."),
    "job.succeeded:reinstall": lazy(
        "{server} was reinstalled. Sign in to it with the password that was shown when you ordered."
    ),
    "job.succeeded:create": lazy(
        "{server} is ready. If it has a system, sign in to it with the password that was shown when you ordered."
    ),
    "job.succeeded:resize": lazy("{server} has its new size. Start it when you want it to run."),
    "job.succeeded:archive": lazy("{server} is archived. Its disks are kept; restore it when you need it."),
    "job.succeeded:restore": lazy("{server} is back. Start it when you want it to run."),
    "job.succeeded:delete": lazy("{server} was deleted, with all its disks."),
    "job.succeeded": lazy("The change is made."),
    **dict.fromkeys(("job.succeeded:template", "job.succeeded:iso"), lazy("You can use {target} from now on.")),
    "job.cancelled": lazy("Nothing was sent."),
    "job.uncertain": lazy(
        "We sent the order and did not hear back. We are checking whether it was carried out; it will not be sent twice."
    ),
    "job.appeared_after_all": lazy(
        "We told you that an order for {server} was not carried out. It was carried out after all, later than we could "
        "see. We are sorry for the wrong word; look at the server before you order again."
    ),
    "case.opened": lazy(
        "Evidence cannot decide whether it was carried out. It was sent once and will not be sent again."
    ),
    "case.opened:appeared_after_all": lazy(
        "It counted as not carried out and was carried out after all, later than could be seen. The customer has been told."
    ),
    "upstream_account.refused": lazy(
        "Nobody tries again until the password is set anew. Until then orders are refused; servers go on running."
    ),
    "upstream_account.key_needed": lazy("Its session ended. Until somebody enters a new key, jobs wait."),
    "upstream_account.ending": lazy("Renew it with a key before then, and no job has to wait."),
    "upstream_account.working": lazy("Jobs go on."),
    "user.password_changed": lazy(
        "Everybody who was signed in under the old one has been signed out. If it was not you, reset it at once."
    ),
    "user.password_reset_asked": lazy(
        "Somebody, probably you, asked for a new password. Set one with the link below; it works for three days and once. "
        "If it was not you, do nothing: the old password stays."
    ),
}
FAILURES: Mapping[str, Text] = {
    "task_failed": lazy(
        "The work was begun and did not succeed. Look at the server, then order again or write to support."
    ),
    "not_accepted": lazy(
        "We sent the order, did not hear back, and have checked: it was not carried out. Nothing was changed. Order again."
    ),
    "refused": lazy("The order was refused. Nothing was changed. Write to support and give the number of this job."),
    "wrong_state": lazy(
        "When its turn came, the server was no longer in a state in which this can be done. Nothing was changed."
    ),
    "state_unknown": lazy(
        "When its turn came, the state of the server was not known. Nothing was changed. Order again in a minute."
    ),
    "server_gone": lazy("When its turn came, the server no longer existed. Nothing was changed."),
    "orders_stopped": lazy("Orders cannot be carried out at present. Nothing was changed. Support has been told."),
}
UNKNOWN_FAILURE = lazy("The job did not succeed. Write to support and give its number.")
LONGEST_NAME = 80
PLACE = re.compile(r"\{(server|target|name)\}")
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, half characters, line and paragraph ends
TURNS_TEXT = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def subject(kind: str, facts: Mapping[str, Any]) -> str:
    """One line in the language that is active, whatever the names in it are."""
    return _fill(_text(SUBJECTS, kind, facts), facts)


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, what it means, what to do."""
    if kind == "job.failed":
        return _fill(FAILURES.get(str(facts.get("error_code")), UNKNOWN_FAILURE), facts)
    return _fill(_text(SENTENCES, kind, facts), facts)


def one_line(text: str) -> str:
    """The text without line ends, control characters and marks that turn its direction; not longer than a name may be."""
    seen = "".join(" " if unicodedata.category(char) in UNSEEN else char for char in text if char not in TURNS_TEXT)
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"


def _text(texts: Mapping[str, Text], kind: str, facts: Mapping[str, Any]) -> str:
    """The text for this kind of job or reason of a case, else the one for the whole kind of event."""
    by_fact = (texts.get(f"{kind}:{facts.get(name)}") for name in ("kind", "reason"))
    return str(next(filter(None, by_fact), None) or texts.get(kind, ""))


def _fill(text: Text, facts: Mapping[str, Any]) -> str:
    """Names in their places, in one pass: a server that is called {target} stays so."""
    names = {
        "server": one_line(str(facts.get("server_name") or "")) or _("a server"),
        "target": one_line(str(facts.get("target_name") or "")) or _("the copy"),
        "name": one_line(str(facts.get("name") or "")),
    }
    return PLACE.sub(lambda place: names[place[1]], str(text))
