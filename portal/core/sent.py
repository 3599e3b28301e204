"""What a browser sends and no form's field has looked at."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest


def storable(text: str) -> bool:
    """Tell whether the database can hold the text: no NUL, and no half of a sign."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def refuse_unstorable(request: HttpRequest) -> None:
    """Refuse a request of which PostgreSQL could not even be asked; no browser makes one, and Django's fields say no too.

    Raises:
        BadRequest: a name or a value holds a sign that no text has.
    """
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            if not all(storable(str(text)) for text in (name, *values)):
                raise BadRequest("unstorable")
