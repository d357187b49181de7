"""Looking samples up: of a server that the actor sees."""

from django.db.models import QuerySet

from apps.servers.models import Server
from apps.statistics.models import Sample


def samples_of(server: Server) -> QuerySet[Sample]:
    """All that is kept of the server's samples."""
    return Sample.objects.filter(server=server)
