"""Who stands at a door: a person, perhaps by a program's token."""

from dataclasses import dataclass

from apps.accounts.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user of the reseller whose host was asked; `token` is set when a program came in their name."""

    user: User
    token: ApiToken | None = None

    @property
    def reseller_id(self) -> int:
        return self.user.reseller_id

    @property
    def is_staff(self) -> bool:
        return self.user.is_staff_member

    @property
    def may_write(self) -> bool:
        """A token of narrow scope only reads, whatever its owner may do."""
        return self.token is None or self.token.scope == ApiToken.Scope.FULL
