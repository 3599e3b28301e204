from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_seats_end_with_the_meeting"),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="pattern",
            field=models.JSONField(default=dict, editable=False, verbose_name="what every time has"),
        ),
    ]
