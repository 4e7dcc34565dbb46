"""What only a real database shows, on SQLite and PostgreSQL: locks, constraints, the whole way."""

import threading
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone

from taizhang.core.base.issue import Refused
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import (
    NOW,
    RUBRIC,
    answered,
    appealed,
    decided,
    furnish,
    opened,
    people_add,
    published,
    signed,
    user,
)
from tests.web.browsing import vouch
from tests.web.ledger.furnish import FIRST


def score_of(assessment: Any) -> Any:
    from taizhang.web.assess import round_actions

    return round_actions.archived_score(assessment.versions.order_by("number").last())


@pytest.fixture
def any_assessing(any_instance: Home) -> Home:
    """This fixture will furnish an instance on SQLite and on PostgreSQL."""
    furnish()
    people_add()
    return any_instance


def test_of_two_decisions_at_once_one_is_told_of_the_other(any_assessing: Home) -> None:
    from django.db import connections

    from taizhang.web.assess.models import Decision

    opened()  # its row is the lock that both of them need
    told: list[list[str]] = []
    ready = threading.Barrier(2)

    def decide(name: str) -> None:
        person = user(name)
        ready.wait(20)
        try:
            decided(seen=0, acting_user=person)
            told.append([])
        except Refused as caught:
            told.append([issue.code.name for issue in caught.issues])
        finally:
            connections.close_all()

    both = [
        threading.Thread(target=decide, args=(name,)) for name in ("assessor", "other_assessor")
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(told) == [[], ["ASSESS_007"]]
    assert Decision.objects.count() == 1


def test_the_whole_way_on_both_stores(any_assessing: Home) -> None:
    from django.db import IntegrityError, transaction

    from taizhang.core.scoring.score_sheet import rounded
    from taizhang.web.assess.models import Appeal, Assessment, Round, Version

    round_ = published()
    appealed(round_.pk)
    answered(round_.pk)
    signed(round_.pk)
    row = round_.assessments.get(unit=FIRST)
    assert Fraction(row.shown["total"]) == rounded(score_of(row).total)
    version = row.versions.get(stage="signed")
    wrong = (
        lambda: Round.objects.filter(pk=round_.pk).update(plan_number=""),
        lambda: Round.objects.filter(pk=round_.pk).update(state="lost"),
        lambda: Round.objects.filter(pk=round_.pk).update(closed_at=None),
        lambda: Round.objects.filter(pk=round_.pk).update(appeal_until=None),
        lambda: Assessment.objects.create(
            round=round_, rubric=RUBRIC, unit=FIRST, first_month=202501, last_month=202512
        ),
        lambda: Version.objects.create(
            assessment=row, number=9, stage="signed", made_at=NOW, made_by=user("officer")
        ),
        lambda: Version.objects.create(
            assessment=row, number=9, stage="corrected", made_at=NOW, made_by=user("officer")
        ),
        lambda: Version.objects.filter(pk=version.pk).update(number=1),
        lambda: Appeal.objects.update(reason=""),
        lambda: Appeal.objects.update(outcome="lost"),
        lambda: Appeal.objects.update(text=""),
    )
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_outcomes_of_an_earlier_version_are_renamed_and_the_log_stays_whole(
    any_assessing: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.management import call_command

    from taizhang.web.accounts.models import Grant, Instance, User
    from taizhang.web.assess.models import Appeal
    from taizhang.web.audit import snapshot
    from taizhang.web.instance.open import tables_update

    vouch(User, Grant, Instance)

    def faults() -> list[tuple[str, str]]:
        from taizhang.web.audit.verify import verify

        return [(issue.code.name, str(issue.place)) for issue in verify().issues]

    def outcomes() -> list[str]:
        return list(Appeal.objects.order_by("pk").values_list("outcome", flat=True))

    round_ = published()
    for item, points in (("papers", None), ("trainings", "3")):
        appealed(round_.pk, item=item)
        answered(round_.pk, points, item=item)
    appealed(round_.pk, item="av")
    assert (outcomes(), faults()) == (["dismissed", "allowed", ""], [])
    call_command("migrate", "assess", "0002", verbosity=0)
    assert outcomes() == ["upheld", "changed", ""]
    with monkeypatch.context() as patch:  # as that version told the log of them
        patch.setattr(snapshot, "_tables", dict(snapshot._tables))
        snapshot.snapshot_register(Appeal, "assessment_id", "item")
        assert ("AUDIT_008", "assess_appeal") not in faults()
    tables_update(timezone.now())
    assert (outcomes(), faults()) == (["dismissed", "allowed", ""], [])
    Appeal.objects.filter(outcome="dismissed").update(outcome="allowed")
    assert faults() == [("AUDIT_008", "assess_appeal")]
