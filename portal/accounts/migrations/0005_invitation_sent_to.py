from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Until now, nothing but the membership said where a link had been sent."""
    Invitation = apps.get_model("accounts", "Invitation")
    Membership = apps.get_model("accounts", "Membership")
    address = Membership.objects.filter(pk=OuterRef("membership_id")).values("email")[:1]
    Invitation.objects.update(sent_to=Subquery(address))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_shared_cache"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="sent_to",
            field=models.EmailField(default="", editable=False, max_length=254, verbose_name="sent to"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
