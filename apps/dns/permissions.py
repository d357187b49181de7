"""Who may do what with zones: one table."""

from collections.abc import Mapping

from apps.accounts.models import Membership

Role = Membership.Role
HANDS_ON = frozenset({Role.OWNER, Role.OPERATOR})

WHO_MAY: Mapping[str, frozenset[Role]] = {
    "add_zone": HANDS_ON,
    "remove_zone": frozenset({Role.OWNER}),  # all its records are lost
    "change_records": HANDS_ON,
    "set_reverse_name": HANDS_ON,
}
