"""Records, evidence and closings name the row of the log that covers them.

On SQLite the tables that every acceptance writes are written anew without what costs each commit a
page and serves nobody: the counters of AUTOINCREMENT and index entries of empty columns.  Measured
with the same change of the log: 24 pages a record before, see docs/reference/benchmarks.md.
"""

from typing import Any

from django.db import migrations, models

from taizhang.web.base.sqlite.lean import table_lean


def lean(apps: Any, schema_editor: Any) -> None:
    """Write both tables anew."""
    table_lean(schema_editor, "ledger_record", rare=("replaces_id", "withdraws_id"))
    table_lean(schema_editor, "ledger_fact")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_cube_in_key_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="closing",
            name="logged",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="closing",
            name="seal",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="logged",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="seal",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="record",
            name="logged",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="record",
            name="seal",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.RunPython(lean, migrations.RunPython.noop, elidable=False),
    ]
