"""The log keeps the state in which each write left the rows of tables that may change."""

from typing import Any

from django.db import migrations, models

from taizhang.web.base.sqlite.lean import table_lean


def lean(apps: Any, schema_editor: Any) -> None:
    """Write the table anew: it is its own index."""
    table_lean(schema_editor, "audit_state", by_key=True)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_linked"),
    ]

    operations = [
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sequence",
                        "ordinal",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sequence", models.BigIntegerField()),
                ("ordinal", models.IntegerField()),
                ("table", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=64)),
                ("state", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "db_table": "audit_state",
            },
        ),
        migrations.RunPython(lean, migrations.RunPython.noop, elidable=False),
    ]
