"""A row of the log says whether each stored row that it covers names it.

On SQLite the log becomes its own index: one page less in every commit.
"""

from typing import Any

from django.db import migrations, models

from taizhang.web.base.sqlite.lean import table_lean


def lean(apps: Any, schema_editor: Any) -> None:
    """Write the table anew."""
    table_lean(schema_editor, "audit_entry", by_key=True)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="linked",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(lean, migrations.RunPython.noop, elidable=False),
    ]
