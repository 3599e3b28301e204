"""What PostgreSQL ranks names by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0004_rank_sqlite")]

    operations = []
