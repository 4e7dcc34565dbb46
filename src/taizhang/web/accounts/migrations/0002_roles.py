"""Roles of offices in the place of manager and worker; a mark for passwords that others chose."""

from django.db import migrations, models

RENAMED = {"manager": "officer", "worker": "recorder"}


def rename(apps, schema_editor):
    Grant = apps.get_model("accounts", "Grant")
    for old, new in RENAMED.items():
        Grant.objects.filter(role=old).update(role=new)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="grant",
            name="role",
            field=models.CharField(
                choices=[
                    ("owner", "Owner at the command line"),
                    ("recorder", "Recorder"),
                    ("lead", "Unit lead"),
                    ("reviewer", "Street reviewer"),
                    ("officer", "District officer"),
                    ("assessor", "Assessor"),
                    ("viewer", "Reader"),
                    ("system", "System administrator"),
                    ("security", "Security administrator"),
                    ("auditor", "Audit administrator"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
