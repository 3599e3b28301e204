"""Answers of SAML providers that have been received: each counts once."""

from typing import ClassVar

from django.db import models


class SamlArrival(models.Model):
    """One verified assertion. What it says is kept for the minutes until its browser fetches it, then emptied; its id is
    kept for as long as the assertion would be accepted, so that a second copy is refused."""

    connection = models.CharField(max_length=40)
    assertion_id = models.CharField(max_length=255)
    # Only the hash: whoever reads the database cannot finish somebody's login.
    token_hash = models.CharField(max_length=64, unique=True)
    in_response_to = models.CharField(max_length=255)
    statement = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["SamlArrival"]] = models.Manager()

    class Meta:
        constraints = [
            # The same answer sent twice at once: one of the two fails here.
            models.UniqueConstraint(fields=["connection", "assertion_id"], name="saml_arrival_once"),
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.assertion_id}"
