"""What SQLite ranks names by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0003_names_and_mirror")]

    operations = []
