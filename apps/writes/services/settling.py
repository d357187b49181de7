"""Writes whose answer was lost: the resource's list decides, and nothing is sent again."""

from datetime import timedelta

from apps.common import clock
from apps.common.errors import Unavailable
from apps.common.queue import send
from apps.resellers.gateway import Gateway
from apps.writes.deeds import Happened, Look, deed_of
from apps.writes.models import Write
from apps.writes.services import endings
from apps.writes.services.sending import DEADLINE

SENDER_IS_DEAD_AFTER = timedelta(seconds=DEADLINE + 5)
NOT_ACCEPTED_AFTER = timedelta(seconds=20)
BETWEEN_LOOKS = timedelta(seconds=3)
S = Write.Status


def ask_where_due() -> None:
    """Ask a worker to settle every account that has an open write: a lost answer, or a sender that died."""
    dead = Write.objects.filter(status=S.SENDING, sent_at__lt=clock.now() - SENDER_IS_DEAD_AFTER)
    unsettled = Write.objects.filter(status=S.UNCERTAIN)
    for account_id in (dead | unsettled).values_list("account_id", flat=True).distinct():
        send("writes.settle", account_id, expires=5)


def settle(account_id: int) -> None:
    """Look at each open write of the account. Two who look at once do no harm: each end is written by one."""
    rows = Write.objects.filter(account_id=account_id).select_related("account").order_by("pk")
    for write in rows.filter(status=S.SENDING, sent_at__lt=clock.now() - SENDER_IS_DEAD_AFTER):
        endings.doubt(write)
    for write in rows.filter(status=S.UNCERTAIN):
        try:
            _judge(write, deed_of(write).find(write, Gateway(write.account)))
        except Unavailable:
            return


def _judge(write: Write, look: Happened | Look) -> None:
    now = clock.now()
    if isinstance(look, Happened):
        endings.finish(write, look.upstream_id)
    elif look is Look.ABSENT and write.absent_at is None:
        Write.objects.filter(pk=write.pk, status=S.UNCERTAIN).update(absent_at=now)
    elif look is Look.ABSENT and write.absent_at is not None:
        if now - write.absent_at >= BETWEEN_LOOKS and now - write.sent_at >= NOT_ACCEPTED_AFTER:
            endings.fail(write, "not_accepted")
    elif look is Look.NOBODY_KNOWS and now - write.sent_at >= NOT_ACCEPTED_AFTER:
        endings.fail(write, "outcome_unknown")
