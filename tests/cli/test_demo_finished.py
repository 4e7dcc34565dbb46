"""What the demonstration has finished goes through the same actions that people use."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from taizhang.core.base.period import year_of
from taizhang.web.instance.paths import Home

UNITS = Path(__file__).resolve().parents[1] / "errors" / "shared" / "units.csv"
NOW = datetime(2026, 2, 20, 9, tzinfo=UTC)
YEAR = year_of(2025)


def test_an_assessment_is_signed_after_an_appeal_and_a_summary_is_frozen(instance: Home) -> None:
    from taizhang.demo.finished_work import PLAN_NUMBER, assessment_finish, document_finish
    from taizhang.demo.people import COMMUNITY, people_add
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.models import Appeal, Round, Version
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger.facts.actions import closings_close
    from taizhang.web.office.models import DocumentVersion
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import
    from taizhang.web.units.queries import history

    owner = user_named(None)
    units = File(name="units.csv", data=UNITS.read_bytes())
    units_import(units=units, acting_user=owner, now=NOW)
    for key in ("common", "health_education"):
        path = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=path, acting_user=owner, now=NOW)
    people_add(owner, NOW)
    # Twelve zero reports: points are lost, so that there is something to appeal against.
    closings = [(COMMUNITY, "health_education", month) for month in YEAR.months()]
    closings_close(closings=closings, acting_user=owner, now=NOW)

    assessment_finish(history().tree(YEAR.end), YEAR, owner, NOW)
    document_finish(YEAR, owner, NOW)

    signed = Round.objects.get()
    assert signed.state == "signed"
    assert signed.plan_number == PLAN_NUMBER
    appeal = Appeal.objects.get()
    assert appeal.outcome
    assert appeal.assessment.unit == COMMUNITY
    stages = Version.objects.filter(assessment=appeal.assessment).values_list("stage", flat=True)
    assert sorted(stages) == ["published", "signed"]
    assert DocumentVersion.objects.count() == 1
    assert verify().issues == ()
