"""The room of images."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    name = "apps.images"

    def ready(self) -> None:
        """Tell how lost answers of this room are settled."""
        from apps.images.services import drives, images
        from apps.writes.deeds import register

        register(*images.DEEDS, *drives.DEEDS)
