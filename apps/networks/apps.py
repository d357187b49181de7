"""The room of private networks."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "apps.networks"

    def ready(self) -> None:
        """Tell how lost answers of this room are settled."""
        from apps.networks.services import networks
        from apps.writes.deeds import register

        register(*networks.DEEDS)
