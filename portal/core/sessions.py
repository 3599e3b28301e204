"""Sign a person out everywhere."""

from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.models import Session


def sessions_of(person: Any) -> Iterator[Session]:
    """Yield the sessions in which she is signed in; whose a session is stands inside it, so all are read."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            yield session


def end_sessions(person: Any) -> None:
    """End them all."""
    Session.objects.filter(pk__in=[session.pk for session in sessions_of(person)]).delete()
