"""The day from which months are due; instances made before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions_and_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="instance",
            name="starts_on",
            field=models.DateField(null=True),
        ),
    ]
