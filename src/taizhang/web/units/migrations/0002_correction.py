"""Names of units that were corrected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("valid_from", models.DateField()),
                ("former", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=100)),
                ("corrected_at", models.DateTimeField()),
                ("corrected_by", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "units_correction", "ordering": ("id",)},
        ),
    ]
