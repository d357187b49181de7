"""Links for a new password: worth something only at the reseller whose user asked."""

from allauth.core import context
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from apps.accounts.models import User


class ResellerTokenGenerator(PasswordResetTokenGenerator):
    """Refuses a token of another reseller's user on this host."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}:{user.reseller_id}:{user.password}:{user.email}:{timestamp}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        reseller = getattr(context.request, "reseller", None)
        if user is None or reseller is None or user.reseller_id != reseller.pk or not user.is_active:
            return False
        return super().check_token(user, token)
