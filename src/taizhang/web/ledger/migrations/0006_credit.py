"""What credited units answer; records from before this day count there as they did."""

from datetime import timedelta
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def records_taken_over(apps: Any, schema_editor: Any) -> None:
    """Note since when units are asked, and whom the records until now credit."""
    record, credit, start = (
        apps.get_model("ledger", name) for name in ("Record", "Credit", "CreditStart")
    )
    joint = record.objects.filter(withdraws=None).exclude(with_units="")
    latest = joint.aggregate(latest=models.Max("accepted_at"))["latest"]
    if latest is None:
        return
    # A clock that was put back must not make an earlier record one of those that are asked for.
    since = max(timezone.now(), latest + timedelta(microseconds=1))
    start.objects.create(pk=1, since=since)
    rows = (
        credit(record_id=pk, unit=unit, state="unasked")
        for pk, units in joint.order_by("pk").values_list("pk", "with_units").iterator(5000)
        for unit in units.split()
    )
    credit.objects.bulk_create(rows, batch_size=5000)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_record_date"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditStart",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="credit_start_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Credit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.CharField(max_length=32)),
                ("state", models.CharField(max_length=16)),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.record",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "state"], name="credit_unit_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "unit"), name="credit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("logged", models.BigIntegerField(null=True)),
                ("seal", models.CharField(max_length=32, null=True)),
                ("unit", models.CharField(max_length=32)),
                ("is_confirmed", models.BooleanField()),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kept_from",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.record",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="ledger.record"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_confirmed", True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="credit_refused_says_why",
                    )
                ],
            },
        ),
        migrations.RunPython(records_taken_over, migrations.RunPython.noop, elidable=False),
    ]
