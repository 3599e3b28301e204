"""The text of uploaded files, for search."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_site"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("file_hash", models.CharField(blank=True, max_length=40, verbose_name="hash of the file")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("trouble", models.CharField(blank=True, max_length=80, verbose_name="why there is no text")),
                ("read_at", models.DateTimeField(auto_now=True, verbose_name="read")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_text",
                        to="wagtaildocs.document",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a document",
                "verbose_name_plural": "texts of documents",
                "ordering": ["document"],
            },
        ),
    ]
