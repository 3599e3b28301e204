"""Hand a person's data over to her."""

from typing import Any

from django.db import transaction

from portal.core import audit
from portal.desk.my_page.documents import archive


@transaction.atomic
def hand_over(*, person: Any) -> bytes:
    """Return the file with everything about a person, and note that it was handed over.

    The note is written after the file was made, so that it stands in the next file and not in this one's way.
    """
    content = archive(person)
    audit.record(actor=person, action="person.export", obj=person)
    return content
