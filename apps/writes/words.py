"""What is said of a change that did not end well."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from apps.writes.models import Write

ERRORS: Mapping[str, str | Promise] = {
    "refused": lazy("This cannot be done as it stands. Nothing was changed. Support can say why."),
    "not_accepted": lazy(
        "We sent the change, did not hear back, and have checked: it was not carried out. Nothing was changed."
    ),
    "outcome_unknown": lazy("We did not hear back and cannot look it up. Order it again: doing it twice does no harm."),
    "unavailable": lazy("The machines could not be reached. Nothing was changed. Order again in a minute."),
}


def problem(write: Write) -> dict[str, str] | None:
    """Code and plain sentence of a change that failed, else None."""
    if write.status != Write.Status.FAILED:
        return None
    return {"code": write.error_code, "message": str(ERRORS.get(write.error_code, ERRORS["refused"]))}
