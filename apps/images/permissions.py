"""Who may do what with images: one table."""

from collections.abc import Mapping

from apps.accounts.models import Membership

Role = Membership.Role
HANDS_ON = frozenset({Role.OWNER, Role.OPERATOR})

WHO_MAY: Mapping[str, frozenset[Role]] = {
    "add_template": HANDS_ON,
    "rename_template": HANDS_ON,
    "remove_template": frozenset({Role.OWNER}),
    "add_iso": HANDS_ON,
    "remove_iso": frozenset({Role.OWNER}),
    "mount_iso": HANDS_ON,
    "unmount_iso": HANDS_ON,
}
