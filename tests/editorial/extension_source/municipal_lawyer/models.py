"""What the package keeps beside the portal's votes."""

from django.db import models


class Opinion(models.Model):
    """What a lawyer said of one content, under a number of the municipality's journal."""

    journal_number = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journal_number"], name="lawyer_opinion_number_unique")]

    def __str__(self) -> str:
        return self.journal_number
