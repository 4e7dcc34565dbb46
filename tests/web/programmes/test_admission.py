"""What a form is in law, what cannot be required, and the burden that follows from marks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period, year_of
from taizhang.web.instance.paths import Home

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)
UNITS = Path(__file__).resolve().parents[2] / "errors" / "shared" / "units.csv"
SURVEY = "common.resident_survey"
MEASURE = "common.questionnaires"
STREET = "360602001000"
YEAR: Period = year_of(2026)


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will install the programmes that survey others and give the owner."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    person = user_named(None)
    units_import(units=File(name="units.csv", data=UNITS.read_bytes()), acting_user=person, now=NOW)
    for key in ("common", "health_education", "family_services"):
        pack_install(
            source=Path(str(files("taizhang") / "packs" / key)), acting_user=person, now=NOW
        )
    return person


def standing(key: str, day: date = TODAY) -> str:
    """Give what a form is on a day."""
    from taizhang.web.programmes.admission import admissions
    from taizhang.web.programmes.queries import programmes_on

    return admissions(programmes_on(day), day)[key].standing.value


def mark(owner: Any, **changes: Any) -> None:
    """Write all four marks of the survey down, but for the changes."""
    from taizhang.web.programmes.actions import form_mark
    from taizhang.web.programmes.admission import Marks

    whole: dict[str, Any] = {
        "number": "调1表",
        "authority": "某统计局",
        "approval": "某统制〔2026〕1号",
        "expires_on": date(2026, 12, 31),
    }
    marks = Marks(**{**whole, **changes})
    form_mark(form=SURVEY, marks=marks, acting_user=owner, now=NOW)


def voluntary(day: date = TODAY) -> set[tuple[str, str]]:
    """Give the tasks that cannot be required on a day."""
    from taizhang.web.programmes.admission import voluntary_tasks
    from taizhang.web.programmes.queries import programmes_on

    return set(voluntary_tasks(programmes_on(day), day))


def hand_down(owner: Any, measure: str = MEASURE) -> Any:
    """Hand a quota of 60 down to a street."""
    from taizhang.web.programmes.actions import quota_hand_down

    return quota_hand_down(
        measure=measure,
        unit=STREET,
        period=YEAR,
        amount=Fraction(60),
        acting_user=owner,
        now=NOW,
    )


@pytest.mark.usefixtures("owner")
def test_shipped_forms_are_internal_ledgers_and_shipped_surveys_may_be_refused() -> None:
    assert standing("health_education.lecture") == "internal"
    assert standing("common.board_issue") == "internal"
    assert standing(SURVEY) == "refusable"
    assert standing("common.satisfaction_survey") == "refusable"
    assert ("common", "survey") in voluntary()
    assert ("health_education", "lectures") not in voluntary()


def test_all_four_marks_admit_a_survey_until_its_last_day(owner: Any) -> None:
    mark(owner)
    assert standing(SURVEY) == "admitted"
    assert standing(SURVEY, date(2026, 12, 31)) == "admitted"
    assert standing(SURVEY, date(2027, 1, 1)) == "refusable"
    assert ("common", "survey") not in voluntary()
    assert ("common", "survey") in voluntary(date(2027, 1, 1))


def test_a_pack_that_brings_all_four_marks_needs_none_of_the_host(owner: Any) -> None:
    from taizhang.core.definition.programme import Programmes
    from taizhang.web.programmes.admission import admissions
    from taizhang.web.programmes.queries import programmes_on

    own = {
        "mark_form_no": "调1表",
        "mark_authority": "某统计局",
        "mark_approval_no": "某统制〔2026〕1号",
        "mark_expiry": "2026-12-31",
    }
    packs = programmes_on(TODAY).packs
    form = replace(programmes_on(TODAY).forms[SURVEY], marks=own)
    marked = Programmes(
        tuple(
            replace(pack, forms={**pack.forms, SURVEY: form}) if SURVEY in pack.forms else pack
            for pack in packs
        )
    )
    admission = admissions(marked, TODAY)[SURVEY]
    assert admission.standing == "admitted"
    assert admission.marks.number == "调1表"
    assert admissions(marked, date(2027, 1, 1))[SURVEY].standing == "refusable"
    mark(owner, number="调2表")
    assert admissions(marked, TODAY)[SURVEY].marks.number == "调2表", "the host's go first"


@pytest.mark.parametrize("lacking", ["number", "authority", "approval", "expires_on"])
def test_three_marks_are_not_four(owner: Any, lacking: str) -> None:
    mark(owner, **{lacking: None if lacking == "expires_on" else ""})
    assert standing(SURVEY) == "refusable"


def test_the_host_may_say_whom_a_form_asks(owner: Any) -> None:
    from taizhang.web.programmes.actions import form_mark
    from taizhang.web.programmes.admission import Marks

    mark(owner, number="", asks_others=False)
    assert standing(SURVEY) == "internal"
    lecture = "health_education.lecture"
    form_mark(form=lecture, marks=Marks(asks_others=True), acting_user=owner, now=NOW)
    assert standing(lecture) == "refusable"
    assert ("health_education", "lectures") in voluntary()


def test_no_quota_is_handed_down_for_what_may_be_refused(owner: Any) -> None:
    from taizhang.web.programmes.models import Quota

    with pytest.raises(Refused) as refused:
        hand_down(owner)
    issue = refused.value.issues[0]
    assert issue.code.name == "PROGRAMME_005"
    assert SURVEY in issue.sentence()
    assert not Quota.objects.exists()
    mark(owner)
    assert hand_down(owner).amount == 600_000
    assert hand_down(owner, "health_education.lectures").unit == STREET


def test_a_quota_can_be_taken_back_and_the_log_says_so(owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.programmes.actions import quota_take_back
    from taizhang.web.programmes.models import Quota

    about: dict[str, Any] = {"measure": "health_education.lectures", "unit": STREET}
    about |= {"period": YEAR, "acting_user": owner, "now": NOW}
    hand_down(owner, "health_education.lectures")
    assert quota_take_back(**about)
    assert not Quota.objects.exists()
    assert Entry.objects.latest("sequence").action == "target.take_back"
    before = Entry.objects.count()
    assert not quota_take_back(**about)
    assert Entry.objects.count() == before


def test_a_mark_for_no_form_or_too_long_is_refused(owner: Any) -> None:
    from taizhang.web.programmes.actions import form_mark
    from taizhang.web.programmes.admission import Marks
    from taizhang.web.programmes.models import FormMark

    with pytest.raises(Refused) as refused:
        form_mark(form="common.nothing", marks=Marks(), acting_user=owner, now=NOW)
    assert [issue.code.name for issue in refused.value.issues] == ["PROGRAMME_006"]
    with pytest.raises(Refused) as refused:
        mark(owner, number="表" * 101, approval="号" * 201)
    assert [issue.code.name for issue in refused.value.issues] == ["PROGRAMME_007"] * 2
    assert not FormMark.objects.exists()


def test_only_the_host_marks_forms(owner: Any) -> None:
    from taizhang.web.accounts.queries import user_named
    from tests.web.browsing import person

    person("li", "recorder", STREET)
    with pytest.raises(Refused) as refused:
        mark(user_named("li"))
    assert refused.value.issues[0].code.name == "ACCESS_001"


def test_quotas_are_read_once_and_a_new_book_knows_the_new_ones(owner: Any) -> None:
    from taizhang.web.programmes.queries import HandedQuotas

    measure = "health_education.lectures"
    assert HandedQuotas().handed(measure, STREET, YEAR) is None
    hand_down(owner, measure)
    handed = HandedQuotas()
    assert handed.handed(measure, STREET, YEAR) == 60
    assert handed.handed(measure, STREET, year_of(2027)) is None
    assert handed.handed(measure, "360602002000", YEAR) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-12-31", date(2027, 12, 31)),
        ("2027年12月31日", date(2027, 12, 31)),
        ("至2027年2月3日止", date(2027, 2, 3)),
        ("2027-02-30", None),
        ("长期", None),
        ("", None),
    ],
)
def test_the_last_day_is_read_as_packs_write_it(text: str, day: date | None) -> None:
    from taizhang.web.programmes.admission import expiry_day

    assert expiry_day(text) == day


def test_what_reads_a_measure_is_found_through_other_indicators(owner: Any) -> None:
    from taizhang.web.programmes.queries import programmes_on
    from taizhang.web.programmes.readers import readers

    index = readers(programmes_on(TODAY))
    lectures = index["health_education.lectures"]
    assert "health_education.lecture_completion" in {
        indicator.key for indicator in lectures.indicators
    }
    assert "lectures" in {task.key for _, task in lectures.tasks}
    assert lectures.items
    boards = index["common.board_issues"]
    assert "boards" in {task.key for _, task in boards.tasks}
    assert readers(programmes_on(TODAY)) is index


def test_a_norm_is_asked_of_a_unit_and_not_counted(owner: Any) -> None:
    from taizhang.core.formula import NameScope
    from taizhang.core.formula.parse import parse
    from taizhang.web.programmes.queries import programmes_on
    from taizhang.web.programmes.readers import measures_in

    scope = NameScope(programmes_on(TODAY), "health_education")
    assert measures_in(parse("lectures / norm(lectures)"), scope) == {"health_education.lectures"}
    assert measures_in(parse("norm(lectures)"), scope) == frozenset()
    assert measures_in(parse("no_such_name"), scope) == frozenset()
    assert "common.survey_valid" in measures_in(
        parse("sum(survey_valid[programme == 'health'])"), scope
    )
