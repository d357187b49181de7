"""The room of names."""

from django.apps import AppConfig


class DnsConfig(AppConfig):
    name = "apps.dns"

    def ready(self) -> None:
        """Tell how lost answers of this room are settled."""
        from apps.dns.services import records, reverse, zones
        from apps.writes.deeds import register

        register(*zones.DEEDS, *records.DEEDS, *reverse.DEEDS)
