"""What a host sets about closing, dated; until the first row stands what the instance began with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosingSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holds_from", models.DateField(unique=True)),
                ("closing_day", models.PositiveSmallIntegerField()),
                ("close_after", models.PositiveSmallIntegerField(null=True)),
                ("starts_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "accounts_closingsetting",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closing_day__gte", 1), ("closing_day__lte", 28)),
                        name="accounts_closingsetting_day",
                    )
                ],
            },
        ),
    ]
