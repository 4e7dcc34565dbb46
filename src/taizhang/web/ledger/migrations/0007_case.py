"""Records say of which case they are, which step, at what hour and who did it."""

from typing import Any

from django.db import migrations, models

from taizhang.web.base.sqlite.lean import table_lean


def lean(apps: Any, schema_editor: Any) -> None:
    """Write the table anew as it was: SQLite makes it from the model when columns are added."""
    table_lean(schema_editor, "ledger_record", rare=("replaces_id", "withdraws_id"))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_credit")]
    operations = [
        migrations.AddField(
            "record", "case_uid", models.CharField(max_length=100, blank=True, default="")
        ),
        migrations.AddField(
            "record", "step", models.CharField(max_length=64, blank=True, default="")
        ),
        migrations.AddField("record", "hour", models.TimeField(null=True)),
        migrations.AddField(
            "record", "doer", models.CharField(max_length=150, blank=True, default="")
        ),
        migrations.RunPython(lean, migrations.RunPython.noop, elidable=False),
    ]
