"""Tables of cases: numbers, working days, and what records of cases come to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0007_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="ledger.record",
                    ),
                ),
                ("uid", models.CharField(db_index=True, max_length=100)),
                ("kind", models.CharField(max_length=130)),
                ("step", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit", "uid", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit", models.CharField(max_length=32)),
                ("uid", models.CharField(db_index=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("uid", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=130)),
                ("version", models.CharField(max_length=32)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("opener", models.CharField(max_length=32)),
                ("opened", models.DateField()),
                ("state", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=32)),
                ("owner_since", models.DateField()),
                ("ended", models.DateField(null=True)),
                ("ended_aside", models.BooleanField(default=False)),
                ("before_start", models.BooleanField(default=False)),
                ("due", models.DateField(null=True)),
                ("reminder", models.DateField(null=True)),
                ("standing", models.BooleanField(default=False)),
                ("accepted", models.BooleanField(default=True)),
                ("returned", models.BooleanField(default=False)),
                ("helpers", models.TextField(blank=True)),
                ("idle", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "ended", "due"], name="case_owner"),
                    models.Index(fields=["kind", "ended", "due"], name="case_kind"),
                    models.Index(fields=["opener", "ended", "due"], name="case_opener"),
                    models.Index(
                        condition=models.Q(("ended", None)), fields=["due", "uid"], name="case_open"
                    ),
                    models.Index(fields=["number"], name="case_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("known_from", models.DateField()),
                ("rest", models.TextField()),
                ("work", models.TextField(blank=True, default="")),
                ("document", models.CharField(blank=True, default="", max_length=200)),
                ("verified", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "known_from"), name="edition_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                ("logged", models.BigIntegerField(null=True)),
                ("seal", models.CharField(max_length=32, null=True)),
                ("uid", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=130)),
                ("unit", models.CharField(max_length=32)),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=100)),
                ("provisional", models.CharField(max_length=100)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["number"], name="number_number"),
                    models.Index(fields=["provisional"], name="number_provisional"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "unit", "year", "serial"), name="number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "uid",
                        "ordinal",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("uid", models.CharField(max_length=100)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=130)),
                ("clock", models.CharField(max_length=64)),
                ("unit", models.CharField(max_length=32)),
                ("start", models.DateField()),
                ("limit", models.DateField()),
                ("due", models.DateField(null=True)),
                ("standing", models.BooleanField(default=False)),
                ("answered", models.DateField(null=True)),
                ("was_due", models.DateField(null=True)),
                ("counts", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "clock", "unit", "due"], name="run_due"),
                    models.Index(
                        condition=models.Q(("answered", None)), fields=["unit"], name="run_unit"
                    ),
                ],
            },
        ),
    ]
