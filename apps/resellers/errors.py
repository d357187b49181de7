"""How the back gate fails towards everything above it: plain for customers, exact for the reseller's people."""

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Unavailable

LATER = _("Orders cannot be carried out at present. Nothing was changed. Support has been told; try again later.")


class Unreachable(Unavailable):
    """The upstream does not answer, answers nonsense, or asked to be left alone for a while."""


class AccountRefused(Unavailable):
    """The upstream refused the account's password: nobody tries again until it is changed."""

    code, message = "orders_stopped", LATER


class KeyNeeded(Unavailable):
    """The session ended, and only a person with a key can win another."""

    code, message = "orders_stopped", LATER


class ReadRefused(Unavailable):
    """The upstream refused a read; `upstream_code` is for the reseller's people."""

    def __init__(self, upstream_code: str) -> None:
        super().__init__()
        self.upstream_code = upstream_code
