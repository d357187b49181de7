"""Who may do what with private networks: one table."""

from collections.abc import Mapping

from apps.accounts.models import Membership

Role = Membership.Role
HANDS_ON = frozenset({Role.OWNER, Role.OPERATOR})

WHO_MAY: Mapping[str, frozenset[Role]] = {
    "add_network": HANDS_ON,
    "rename_network": HANDS_ON,
    "remove_network": frozenset({Role.OWNER}),
}
