"""An index of records by date, for the list that begins with the newest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_review")]
    operations = [
        migrations.AddIndex(
            model_name="record", index=models.Index(fields=["date"], name="record_date")
        )
    ]
