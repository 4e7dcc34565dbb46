"""Bodies beside the tree."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("units", "0002_correction")]
    operations = [
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(max_length=32)),
                ("parent", models.CharField(max_length=32)),
                ("may_record", models.BooleanField(default=False)),
                ("may_own", models.BooleanField(default=False)),
                ("valid_from", models.DateField(default=date.min)),
                ("valid_to", models.DateField(default=date.max)),
            ],
            options={"db_table": "units_body", "ordering": ("code", "valid_from")},
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(
                fields=("code", "valid_from"), name="units_body_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_to")), name="units_body_days"
            ),
        ),
    ]
