"""An appeal that changed nothing is stored as dismissed, not as upheld; one that did as allowed."""

from typing import Any

from django.db import migrations, models

#: What was stored, and what is stored from here on.
OUTCOMES = {"upheld": "dismissed", "changed": "allowed"}


def answered_whole(*outcomes: str) -> models.CheckConstraint:
    """Give the rule that an answered appeal has a known outcome, a reason and who answered when."""
    return models.CheckConstraint(
        condition=models.Q(
            ("answered_at__isnull", True), ("answered_by__isnull", True), ("outcome", "")
        )
        | models.Q(
            models.Q(("reason", ""), _negated=True),
            ("answered_at__isnull", False),
            ("answered_by__isnull", False),
            ("outcome__in", outcomes),
        ),
        name="appeal_answered_whole",
    )


def forward(apps: Any, schema_editor: Any) -> None:
    """Name outcomes by what became of the appeal."""
    for former, outcome in OUTCOMES.items():
        rows = apps.get_model("assess", "Appeal").objects.filter(outcome=former)
        rows.update(outcome=outcome)


def back(apps: Any, schema_editor: Any) -> None:
    """Name outcomes by what became of the score."""
    for former, outcome in OUTCOMES.items():
        rows = apps.get_model("assess", "Appeal").objects.filter(outcome=outcome)
        rows.update(outcome=former)


class Migration(migrations.Migration):
    dependencies = [
        ("assess", "0002_rounds"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="appeal", name="appeal_answered_whole"),
        migrations.AlterField(
            model_name="appeal",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[("dismissed", "the score stands"), ("allowed", "the score is changed")],
                max_length=9,
            ),
        ),
        migrations.RunPython(forward, back),
        migrations.AddConstraint(
            model_name="appeal", constraint=answered_whole("dismissed", "allowed")
        ),
    ]
