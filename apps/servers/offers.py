"""What the reseller offers of the upstream's goods, and under which name."""

from typing import Any

from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf


class Offered(models.Model):
    """Offered unless the reseller says otherwise, under the upstream's name unless there is a better one."""

    offered = models.BooleanField(default=True)
    label = models.CharField(max_length=80, blank=True)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    name: Any

    @property
    def shown_name(self) -> str:
        return self.label or str(self.name)


def named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with `shown`: the name that customers know."""
    annotated: QuerySet[Any] = rows.annotate(shown=Coalesce(NullIf(F("label"), Value("")), F("name")))
    return annotated
