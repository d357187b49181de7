"""Signing in at one reseller: who is looked up, how tries are slowed, what is written down."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts import throttling
from apps.accounts.models import User
from apps.events.services import record
from apps.resellers.middleware import client_address


class ResellerBackend(AuthenticationBackend):
    """Looks up (reseller of the host, e-mail address) and nothing else."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        reseller = getattr(request, "reseller", None)
        email = str(credentials.get("username") or "")
        if reseller is None or "\x00" in email:
            return None
        user = User.objects.filter(login=User.login_for(reseller.pk, email)).first()
        found = self._check_password(user, credentials.get("password") or "")
        return found if isinstance(found, User) else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).select_related("reseller").first()


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks: no signing up; tries slowed by address and pair; mail goes out as every other message."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if throttling.is_slowed(client_address(request), str(credentials.get("username") or "")):
            raise ValidationError(_("Too many tries from here. Wait five minutes, or reset the password."))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            throttling.note_success(client_address(request), str(credentials.get("username") or ""))
        return user  # type: ignore[no-any-return]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttling.note_failure(client_address(request), str(credentials.get("username") or ""))

    def reauthenticate(self, user: User, password: str) -> bool:
        return user.check_password(password)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        _tell("user.signed_in", user, request)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _tell("user.signed_out", request.user, request)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password; Django's session hash ends every session that began under the old one."""
        user.set_password(password)
        user.save(update_fields=["password"])
        _tell("user.password_changed", user, None)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The mail is made from the event, with a token of its own: the page answers as fast for unknown addresses."""
        _tell("user.password_reset_asked", user, None)


def _tell(kind: str, user: User, request: HttpRequest | None) -> None:
    record(
        kind,
        reseller_id=user.reseller_id,
        actor_id=user.pk,
        subject_kind="user",
        subject_id=user.pk,
        after={"address": client_address(request)} if request else {},
        staff_only=True,
    )
