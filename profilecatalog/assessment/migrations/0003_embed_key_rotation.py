"""Embed keys get a name, an end and a successor, and are named towards the outside as everything else is."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def name_them(apps: Any, schema_editor: Any) -> None:
    for key in apps.get_model("assessment", "EmbedKey").objects.filter(uuid__isnull=True):
        key.uuid = uuid.uuid4()
        key.save(update_fields=["uuid"])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_promise_only_up")]

    operations = [
        migrations.AddField("embedkey", "uuid", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField("embedkey", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.AddField(
            "embedkey", "label", models.CharField(blank=True, default="", max_length=80, verbose_name="name"), False
        ),
        migrations.AddField(
            "embedkey", "ends_at", models.DateTimeField(blank=True, null=True, verbose_name="works until")
        ),
        migrations.AddField(
            "embedkey",
            "replaces",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="replacement",
                to="assessment.embedkey",
                verbose_name="replaces",
            ),
        ),
        migrations.AddConstraint(
            "embedkey",
            models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("label", ""), _negated=True), ("ends_at__isnull", True), ("revoked_at__isnull", True)
                ),
                fields=("municipality", "label"),
                name="assessment_one_key_per_name",
                violation_error_message="Another key has this name.",
            ),
        ),
    ]
