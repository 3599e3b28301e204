"""Documents that were indexed before have no names and other tokens: they would be counted and never shown."""

from typing import Any

from django.db import migrations

# As `search.services` hears it; a migration knows no other code than its own.
_SOURCE = "search.source"


def forget_and_queue(apps: Any, schema_editor: Any) -> None:
    """Leave an empty index, which is honest, and let the worker fill it again, source by source."""
    documents = apps.get_model("search", "IndexedDocument").objects
    messages = apps.get_model("core", "OutboxMessage").objects
    for name in documents.order_by("source").values_list("source", flat=True).distinct():
        messages.create(topic=_SOURCE, payload={"source": name}, key="")
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DELETE FROM search_tokens")
    documents.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0006_editorial"), ("core", "0003_audit_municipality")]

    operations = [migrations.RunPython(forget_and_queue, migrations.RunPython.noop)]
