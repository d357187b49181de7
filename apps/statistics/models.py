"""What servers were doing, minute by minute."""

from django.db import models

from apps.servers.models import Server


class Sample(models.Model):
    """Counters of one server at one moment, as the upstream told them; null is what it did not tell."""

    server = models.ForeignKey(Server, on_delete=models.CASCADE, related_name="samples")
    at = models.DateTimeField()
    cpu_percent = models.FloatField(null=True)  # mean over the server's processors
    rx_bytes = models.BigIntegerField(null=True)  # counters, summed over interfaces
    tx_bytes = models.BigIntegerField(null=True)
    read_bytes = models.BigIntegerField(null=True)  # counters, summed over disks
    written_bytes = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["server", "at"], name="sample_by_time"),
            models.Index(fields=["at"], name="sample_age"),
        ]

    def __str__(self) -> str:
        return f"{self.server_id} {self.at:%Y-%m-%d %H:%M}"
