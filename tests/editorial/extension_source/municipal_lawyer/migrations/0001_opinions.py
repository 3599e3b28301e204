from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('journal_number', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('journal_number',), name='lawyer_opinion_number_unique')],
            },
        ),
    ]
