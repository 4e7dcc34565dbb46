"""The Django app of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessConfig(AppConfig):
    """Registers the app as ``assess``."""

    name = "taizhang.web.assess"
    label = "assess"

    def ready(self) -> None:
        """Tell the log which tables it keeps."""
        from taizhang.web.assess.models import (
            Appeal,
            Assessment,
            Circumstance,
            Decision,
            Round,
            Version,
        )
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register

        way_register("self_score", "assess:own")

        snapshot_register(Decision, "rubric", "item", "unit", "first_month", "last_month")
        snapshot_register(Round, "rubric", "first_month", "last_month", "unit")
        snapshot_register(Assessment, "rubric", "first_month", "last_month", "unit")
        snapshot_register(Version, "assessment_id", "number")
        snapshot_register(Circumstance, "assessment_id", "item")
        snapshot_register(
            Appeal,
            "assessment_id",
            "item",
            # An appeal that was dismissed was first stored as one upheld.
            former={"outcome": {"dismissed": "upheld", "allowed": "changed"}},
        )
