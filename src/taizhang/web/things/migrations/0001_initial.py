"""Tables of things: numbers, merges, and what records of things come to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("uid", models.CharField(max_length=264, primary_key=True, serialize=False)),
                ("thing", models.CharField(db_index=True, max_length=264)),
                ("dataset", models.CharField(max_length=130)),
                ("unit", models.CharField(max_length=32)),
                ("key", models.CharField(max_length=100)),
                ("number", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dataset", "unit", "key"], name="alias_key"),
                    models.Index(fields=["number"], name="alias_number"),
                    models.Index(fields=["key"], name="alias_bare_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                ("logged", models.BigIntegerField(null=True)),
                ("seal", models.CharField(max_length=32, null=True)),
                ("kind", models.CharField(max_length=130)),
                ("unit", models.CharField(max_length=32)),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=100)),
                ("given_at", models.DateTimeField()),
                ("uid", models.CharField(max_length=264, primary_key=True, serialize=False)),
                ("given_by", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "unit", "year", "serial"), name="thing_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                ("uid", models.CharField(max_length=264, primary_key=True, serialize=False)),
                ("dataset", models.CharField(max_length=130)),
                ("kind", models.CharField(max_length=130)),
                ("number", models.CharField(blank=True, max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("initials", models.CharField(blank=True, max_length=100)),
                ("unit", models.CharField(max_length=32)),
                ("since", models.DateField()),
                ("ended", models.DateField(null=True)),
                ("due", models.DateField(null=True)),
                ("last", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "ended", "due", "number"], name="thing_kind"),
                    models.Index(fields=["unit", "kind", "ended"], name="thing_unit"),
                    models.Index(
                        condition=models.Q(("ended", None)), fields=["due"], name="thing_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("logged", models.BigIntegerField(null=True)),
                ("seal", models.CharField(max_length=32, null=True)),
                ("kept", models.CharField(max_length=264)),
                ("gone", models.CharField(max_length=264)),
                ("reason", models.CharField(max_length=500)),
                ("acted_at", models.DateTimeField()),
                ("acted_by", models.BigIntegerField()),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone",
                        to="things.merge",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True),
                        name="merge_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="merge_says_why"
                    ),
                ],
            },
        ),
    ]
