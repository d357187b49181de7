"""What every row that a person can name has."""

from django.db import models

from apps.common.ids import new_id


class Identified(models.Model):
    """A row with an id that may be shown: digits, ordered by time."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
