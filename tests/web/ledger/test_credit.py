"""A record counts for another unit once that unit has confirmed it, from that moment on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.cli import main
from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, parse_period
from taizhang.core.counting.fact import Submission
from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in, soup, vouch, words
from tests.web.ledger.furnish import (
    FIRST,
    NOW,
    OTHER,
    SECOND,
    STREET,
    THIRD,
    codes,
    furnish,
    lecture,
    line,
)

DAY = timedelta(days=1)
PERIOD = parse_period("2026")


def recorder(unit: str) -> Any:
    """Give the recorder of a unit, made where there is none yet."""
    from taizhang.web.accounts.models import User

    name = f"r{unit[-6:]}"
    if not User.objects.filter(username=name).exists():
        person(name, "recorder", unit)
    return User.objects.get(username=name)


def someone(name: str, role: str, unit: str) -> Any:
    from taizhang.web.accounts.models import User

    person(name, role, unit)
    return User.objects.get(username=name)


def accept(record: Submission, user: Any, now: datetime = NOW) -> Any:
    from taizhang.web.ledger.accept.actions import record_accept

    return record_accept(record=record, acting_user=user, now=now)


def confirm(uid: str, unit: str = SECOND, now: datetime = NOW + 3 * DAY, user: Any = None) -> Any:
    from taizhang.web.ledger.record.credit_actions import credit_confirm

    by = user or recorder(unit)
    return credit_confirm(uid=uid, unit=unit, acting_user=by, now=now)


def refuse(
    uid: str, unit: str = SECOND, now: datetime = NOW + 3 * DAY, reason: str = "没有一起办"
) -> Any:
    from taizhang.web.ledger.record.credit_actions import credit_refuse

    return credit_refuse(uid=uid, unit=unit, reason=reason, acting_user=recorder(unit), now=now)


def lectures(unit: str, as_of: date | None = None, now: datetime = NOW + 60 * DAY) -> Any:
    """Give the lectures of a unit as a figure."""
    from taizhang.core.indicator import Question, figures
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=now, language="zh", as_of=as_of)
    asked = Question(indicators=("trial.lectures",), units=(unit,), period=PERIOD)
    return figures(book, asked)[0]


def counted(unit: str, as_of: date | None = None) -> int:
    return int(lectures(unit, as_of).low or 0)


def rebuilt(user: Any) -> Any:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    return facts_rebuild(acting_user=user, now=NOW + 90 * DAY)


def states(uid: str) -> dict[str, str]:
    from taizhang.web.ledger.models import Credit

    return dict(Credit.objects.filter(record__uid=uid).values_list("unit", "state"))


def joint(**changes: Any) -> Submission:
    return lecture(**{"with_units": (SECOND,), **changes})


# --- counting ------------------------------------------------------------------------------------


def test_silence_never_counts_and_the_record_counts_at_home_at_once(any_owner: Any) -> None:
    record = joint(with_units=(SECOND, THIRD))
    done = accept(record, recorder(FIRST))
    assert (done.waiting, done.facts) == (2, 2)
    assert states(record.id) == {SECOND: "waiting", THIRD: "waiting"}
    assert [counted(unit) for unit in (FIRST, SECOND, THIRD, STREET, OTHER)] == [1, 0, 0, 1, 0]
    assert rebuilt(any_owner).issues == ()


def test_a_confirmed_credit_counts_from_the_moment_of_its_confirmation(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Fact

    record = joint(with_units=(SECOND, THIRD))
    accept(record, recorder(FIRST))
    assert confirm(record.id).value == "confirmed"
    assert confirm(record.id, THIRD, NOW + 5 * DAY).value == "confirmed"
    before, after = (NOW + 2 * DAY).date(), (NOW + 3 * DAY).date()
    assert [counted(SECOND, day) for day in (before, after)] == [0, 1]
    assert [counted(OTHER, day) for day in (after, (NOW + 5 * DAY).date())] == [0, 1]
    # A common parent counts it once, whether or not a partner has confirmed.
    assert [counted(STREET, day) for day in (NOW.date(), after)] == [1, 1]
    known = Fact.objects.filter(unit=SECOND).values_list("accepted_at", "retired_at", "joint")
    assert set(known) == {(NOW + 3 * DAY, None, True)}
    assert rebuilt(any_owner).issues == ()


def test_silence_never_makes_a_unit_incomplete(owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import closings_close

    record = joint(answers={"people": ""})  # a number that is missing at home
    accept(record, recorder(FIRST))
    months = [(unit, "trial", Month(2026, 5)) for unit in (FIRST, SECOND)]
    closings_close(closings=months, acting_user=owner, now=NOW)
    from taizhang.core.indicator import Question, figures
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=NOW, language="zh")
    may = parse_period("2026-05")
    asked = Question(indicators=("trial.attendance",), units=(SECOND,), period=may)
    (own,) = figures(book, asked)
    assert (own.low, own.high, own.flags) == (0, 0, ())


def test_a_refusal_needs_a_reason_and_a_confirmation_may_follow(owner: Any) -> None:
    record = joint()
    accept(record, recorder(FIRST))
    assert names(lambda: refuse(record.id, reason=" ")) == ["CREDIT_003"]
    assert refuse(record.id).value == "refused"
    assert refuse(record.id, now=NOW + 4 * DAY).value == "refused"  # once more changes nothing
    assert counted(SECOND) == 0
    assert confirm(record.id, now=NOW + 6 * DAY).value == "confirmed"
    assert [counted(SECOND, (NOW + n * DAY).date()) for n in (5, 6)] == [0, 1]
    assert rebuilt(owner).issues == ()


def test_what_is_taken_back_ends_there_and_stays_so(any_owner: Any) -> None:
    record = joint()
    accept(record, recorder(FIRST))
    confirm(record.id)
    refuse(record.id, now=NOW + 5 * DAY)
    days = [(NOW + n * DAY).date() for n in (2, 3, 4, 5)]
    assert [counted(SECOND, day) for day in days] == [0, 1, 1, 0]
    assert names(lambda: confirm(record.id, now=NOW + 6 * DAY)) == ["CREDIT_004"]
    assert rebuilt(any_owner).issues == ()


def names(call: Any) -> list[str]:
    return [code.name for code in codes(call)]


def test_only_who_may_record_for_the_unit_or_above_it_answers(owner: Any) -> None:
    record = joint()
    accept(record, recorder(FIRST))
    for user in (recorder(FIRST), someone("chen", "reviewer", STREET)):
        assert names(lambda user=user: confirm(record.id, user=user)) == ["CREDIT_001"]
    assert names(lambda: confirm(record.id, THIRD)) == ["RECORD_022"]  # sees nothing of it
    assert names(lambda: confirm(record.id, FIRST)) == ["CREDIT_001"]
    assert names(lambda: confirm("none")) == ["RECORD_022"]
    assert confirm(record.id, user=someone("yang", "recorder", STREET)).value == "confirmed"


def test_who_may_record_for_both_speaks_for_both(any_owner: Any) -> None:
    record = joint()
    assert accept(record, any_owner).waiting == 0
    assert states(record.id) == {SECOND: "confirmed"}
    assert counted(SECOND) == 1
    assert rebuilt(any_owner).issues == ()


def test_a_line_says_who_has_agreed(owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import records_import

    def bring(user: Any, **more: Any) -> Any:
        texts = [json.dumps({**line(joint(with_units=(SECOND, THIRD))), **more})]
        return records_import(lines=texts, file="r", acting_user=user, now=NOW)

    assert bring(owner, confirmed=[]).waiting == 2
    assert bring(owner, confirmed=[SECOND]).waiting == 1
    assert bring(owner).waiting == 0
    street = someone("yang", "recorder", STREET)
    assert bring(street).waiting == 1
    assert names(lambda: bring(street, confirmed=[THIRD])) == ["CREDIT_001"]
    assert names(lambda: bring(owner, confirmed=[FIRST])) == ["CREDIT_001"]
    assert names(lambda: bring(owner, confirmed=SECOND)) == ["RECORD_002"]
    assert (counted(FIRST), counted(SECOND), counted(THIRD)) == (4, 3, 1)
    assert rebuilt(owner).issues == ()


# --- corrections ---------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["confirmed", "refused", "waiting"])
def test_a_correction_that_changes_no_count_keeps_the_answer(any_owner: Any, first: str) -> None:
    from taizhang.web.ledger.models import CreditAnswer

    record = joint()
    accept(record, recorder(FIRST))
    if first != "waiting":
        {"confirmed": confirm, "refused": refuse}[first](record.id)
    better = joint(replaces=record.id, reason="更正主题说明", answers={"materials": []})
    accept(better, recorder(FIRST), NOW + 5 * DAY)
    assert states(better.id) == {SECOND: first}
    days = [(NOW + n * DAY).date() for n in (2, 4, 6)]
    counts = [counted(SECOND, day) for day in days]
    assert counts == ([0, 1, 1] if first == "confirmed" else [0, 0, 0])
    kept = CreditAnswer.objects.filter(record__uid=better.id)
    assert [answer.kept_from.uid for answer in kept if answer.kept_from] == (
        [] if first == "waiting" else [record.id]
    )
    assert rebuilt(any_owner).issues == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"answers": {"people": 36}},
        {"with_units": (SECOND, THIRD)},
        {"date": date(2026, 5, 7)},
        {"answers": {"held_on": "2026-05-07"}},
        {"answers": {"topic": "law"}},
    ],
    ids=["count", "units", "date", "day", "dimension"],
)
def test_a_correction_that_changes_what_was_confirmed_asks_anew(
    owner: Any, changes: Mapping[str, Any]
) -> None:
    record = joint()
    accept(record, recorder(FIRST))
    confirm(record.id)
    better = joint(replaces=record.id, reason="更正", **changes)
    accept(better, recorder(FIRST), NOW + 5 * DAY)
    assert set(states(better.id).values()) == {"waiting"}
    assert [counted(SECOND, (NOW + n * DAY).date()) for n in (4, 6)] == [1, 0]
    assert names(lambda: confirm(record.id)) == ["CREDIT_002"]
    confirm(better.id, now=NOW + 7 * DAY)
    assert counted(SECOND) == 1
    assert rebuilt(owner).issues == ()


def test_a_withdrawal_ends_it_everywhere(owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_withdraw

    record = joint()
    accept(record, recorder(FIRST))
    confirm(record.id)
    gone = {"reason": "重复", "acting_user": recorder(FIRST), "now": NOW + 5 * DAY}
    record_withdraw(uid=record.id, **gone)
    assert [counted(unit) for unit in (FIRST, SECOND, STREET)] == [0, 0, 0]
    assert counted(SECOND, (NOW + 4 * DAY).date()) == 1
    assert names(lambda: refuse(record.id, now=NOW + 6 * DAY)) == ["CREDIT_002"]
    assert rebuilt(owner).issues == ()


def test_corrections_inside_one_file_keep_what_stood_before_it(owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import records_import

    record = joint(id="a")
    accept(record, recorder(FIRST))
    confirm("a")
    lines = [
        joint(id="b", replaces="a", reason="更正"),
        joint(id="c", replaces="b", reason="再更正", answers={"materials": []}),
        joint(id="d", replaces="c", reason="人数", answers={"people": 36}),
    ]
    texts = [json.dumps(line(each)) for each in lines]
    bring = {"file": "r", "acting_user": recorder(FIRST), "now": NOW + 5 * DAY}
    records_import(lines=texts, **bring)
    assert [states(uid)[SECOND] for uid in "abcd"] == ["confirmed"] * 3 + ["waiting"]
    assert counted(SECOND) == 0
    assert rebuilt(owner).issues == ()


# --- records from before -------------------------------------------------------------------------


def since(moment: datetime) -> None:
    """Have units asked from this moment on, as an instance of an older version is."""
    from taizhang.web.ledger.models import CreditStart

    CreditStart.objects.create(since=moment)


def test_records_from_before_keep_counting_and_may_be_refused(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Credit, Fact

    record = joint(with_units=(SECOND, THIRD))
    accept(record, any_owner)
    since(NOW + DAY)
    # As it was stored before: no answers, facts of all units, nothing known of credits.
    from taizhang.web.ledger.models import CreditAnswer

    CreditAnswer.objects.all().delete()
    Credit.objects.update(state="unasked")
    assert rebuilt(any_owner).issues == ()
    assert [counted(unit) for unit in (SECOND, THIRD)] == [1, 1]
    refuse(record.id)
    assert [counted(SECOND, (NOW + n * DAY).date()) for n in (2, 3)] == [1, 0]
    kept = joint(with_units=(SECOND, THIRD), replaces=record.id, reason="更正")
    accept(kept, recorder(FIRST), NOW + 5 * DAY)
    assert states(kept.id) == {SECOND: "refused", THIRD: "confirmed"}
    assert Fact.objects.filter(unit=THIRD, retired_at=None).exists()
    assert rebuilt(any_owner).issues == ()


def test_a_clock_that_was_put_back_makes_no_record_one_from_before(owner: Any) -> None:
    since(NOW + DAY)
    record = joint()
    accept(record, recorder(FIRST))
    assert states(record.id) == {SECOND: "waiting"}
    assert rebuilt(owner).issues == ()
    confirm(record.id)
    assert rebuilt(owner).issues == ()


def test_an_instance_of_an_older_version_notes_when_units_are_asked(owner: Any) -> None:
    from importlib import import_module

    from django.apps import apps

    from taizhang.web.ledger.models import Credit, CreditStart, Fact, Record

    migration = import_module("taizhang.web.ledger.migrations.0006_credit")
    migration.records_taken_over(apps, None)
    assert not CreditStart.objects.exists()  # nobody was credited: nothing to go on counting
    record = joint(with_units=(SECOND, THIRD))
    accept(record, owner)
    Credit.objects.all().delete()
    before = set(Fact.objects.values_list("unit", "ordinal"))
    migration.records_taken_over(apps, None)
    assert CreditStart.objects.get().since > Record.objects.get().accepted_at
    assert states(record.id) == {SECOND: "unasked", THIRD: "unasked"}
    assert set(Fact.objects.values_list("unit", "ordinal")) == before


# --- tampering and the log -----------------------------------------------------------------------


def verified() -> list[str]:
    from taizhang.web.accounts.models import Grant, User
    from taizhang.web.audit.verify import verify

    vouch(User, Grant)  # whom the test made past the actions
    return [issue.code.name for issue in verify().issues]


@pytest.mark.parametrize("harm", ["answer", "moment", "gone", "start"])
def test_an_answer_that_was_changed_by_hand_is_named(any_owner: Any, harm: str) -> None:
    from taizhang.web.ledger.models import CreditAnswer, CreditStart

    record, other = joint(), joint()
    accept(record, recorder(FIRST))
    accept(other, any_owner)
    confirm(record.id)
    refuse(record.id, now=NOW + 4 * DAY)
    assert verified() == []
    answers = CreditAnswer.objects.filter(record__uid=record.id)
    if harm == "answer":
        answers.filter(is_confirmed=False).update(is_confirmed=True)
    elif harm == "moment":
        answers.update(answered_at=NOW)
    elif harm == "gone":
        answers.all().delete()
    else:
        CreditStart.objects.create(since=NOW + 90 * DAY)
    assert verified() != []


def test_a_standing_changed_by_hand_is_told_and_put_right(any_owner: Any) -> None:
    from taizhang.web.ledger.facts.rebuild import facts_verify
    from taizhang.web.ledger.models import Credit

    record = joint()
    accept(record, recorder(FIRST))
    Credit.objects.update(state="confirmed")
    assert [issue.code.name for issue in facts_verify(NOW).issues] == ["FACTS_004"]
    assert [issue.code.name for issue in rebuilt(any_owner).issues] == ["FACTS_005"]
    assert states(record.id) == {SECOND: "waiting"}
    assert rebuilt(any_owner).issues == ()


def test_the_log_says_what_was_answered_and_what_came_late(owner: Any) -> None:
    from taizhang.web.administration.audit_labels import WORDS
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.facts.actions import closings_close

    closings_close(closings=[(SECOND, "trial", Month(2026, 5))], acting_user=owner, now=NOW)
    record, other = joint(), joint(date=date(2026, 6, 2), answers={"held_on": "2026-06-02"})
    for each in (record, other):
        accept(each, recorder(FIRST))
    confirm(record.id)
    confirm(other.id)
    refuse(other.id, now=NOW + 4 * DAY)
    better = joint(replaces=record.id, reason="更正")
    accept(better, recorder(FIRST), NOW + 5 * DAY)
    told = list(Entry.objects.filter(action__startswith="credit").values_list("action", flat=True))
    assert told == ["credit.confirm.late", "credit.confirm", "credit.refuse", "credit.keep"]
    assert set(told) <= set(WORDS)
    assert verified() == []


def test_no_query_more_for_a_record_that_credits_nobody(owner: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    accept(lecture(), owner)  # what is read once is read
    with CaptureQueriesContext(connection) as told:
        accept(lecture(), owner)
    assert not [query for query in told.captured_queries if "credit" in query["sql"].lower()]


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def two(owner: Any) -> tuple[Any, Any]:
    """This fixture will sign in the recorders of the first and of the second community."""
    users = recorder(FIRST), recorder(SECOND)
    first, second = (signed_in(user.username) for user in users)
    return first, second


def test_the_credited_unit_is_asked_on_its_desk_and_answers_with_one_tap(
    two: tuple[Any, Any],
) -> None:
    home, partner = two
    record = joint(date=timezone.localdate(), answers={"held_on": str(timezone.localdate())})
    accept(record, recorder(FIRST), timezone.now())
    assert soup(home.get("/")).select_one(".credits") is None
    desk: Any = soup(partner.get("/"))
    asked = words(desk.select_one(".credits"))
    assert "一社区记录" in asked
    button = desk.select_one(".credits button[name=yes]")
    assert button["form"] == desk.select_one("form#credit")["id"]
    answered = partner.post("/credits/answer/", {"yes": button["value"], "back": "/"})
    assert (answered.status_code, answered["Location"]) == (302, "/")
    assert states(record.id) == {SECOND: "confirmed"}
    assert soup(partner.get("/")).select_one(".credits") is None
    page = words(soup(home.get(f"/records/{record.id}/")))
    assert "已确认" in page
    assert recorder(SECOND).name in page


def test_the_list_and_the_record_say_what_waits(two: tuple[Any, Any]) -> None:
    home, partner = two
    record = joint()
    accept(record, recorder(FIRST))
    assert soup(partner.get("/records/")).select_one("a[href='/credits/']") is not None
    assert soup(home.get("/records/")).select_one("a[href='/credits/']") is None
    assert "等待确认" in words(soup(home.get(f"/records/{record.id}/")))
    assert soup(home.get(f"/records/{record.id}/")).select_one("button[name=yes]") is None
    waiting: Any = soup(partner.get("/credits/"))
    key = waiting.select_one("button[name=no]")["value"]
    refused = partner.post("/credits/answer/", {"no": key, f"reason {key}": ""})
    assert "CREDIT_003" in words(soup(refused, 422))
    given = {"no": key, f"reason {key}": "当天没有参加", "back": "https://example.org/"}
    answered = partner.post("/credits/answer/", given)
    assert answered["Location"] == "/credits/"
    page = words(soup(home.get(f"/records/{record.id}/")))
    assert "不计入" in page
    assert "当天没有参加" in page
    assert "没有" in words(soup(partner.get("/credits/")))
    assert home.post("/credits/answer/", {"yes": key}).status_code == 422
    assert states(record.id) == {SECOND: "refused"}


# --- commands ------------------------------------------------------------------------------------


def test_commands_confirm_refuse_and_show(
    owner: Any, instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    record, other = joint(id="a"), joint(id="b")
    for each in (record, other):
        accept(each, recorder(FIRST))
    partner = recorder(SECOND).username
    common = ["--home", str(instance.path), "--as", partner]

    def said(*arguments: str) -> Any:
        assert main(["records", *arguments, *common, "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    listed = said("list", "--waiting")["records"]
    assert [(row["id"], row["waiting"]) for row in listed] == [("b", [SECOND]), ("a", [SECOND])]
    assert said("confirm", "a", "--unit", SECOND)["state"] == "confirmed"
    refused = said("refuse", "b", "--unit", SECOND, "--reason", "没有参加")
    assert refused["state"] == "refused"
    (credit,) = said("show", "b")["credits"]
    assert (credit["unit"], credit["state"], credit["reason"]) == (SECOND, "refused", "没有参加")
    assert said("list", "--waiting")["records"] == []
    assert main(["records", "show", "a", *common]) == 0
    shown = capsys.readouterr().out
    assert "确认" in shown or "confirmed" in shown
    assert main(["records", "confirm", "a", "--unit", THIRD, *common]) == 1
    assert "CREDIT_001" in capsys.readouterr().err


# --- everything at once --------------------------------------------------------------------------

UNITS = (FIRST, SECOND, THIRD)
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["record", "confirm", "refuse", "same", "other", "withdraw"]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.sets(st.integers(0, 2), max_size=2),
    ),
    max_size=9,
)


@dataclass
class Held:
    """What the test itself knows of a record: who counts it, day by day."""

    uid: str
    unit: str
    partners: tuple[str, ...]
    people: int
    begins: int
    ends: int | None = None
    answers: dict[str, bool] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)  # took a confirmation back
    spans: dict[str, list[int | None]] = field(default_factory=dict)

    def counts(self, unit: str, day: int) -> bool:
        if not self.begins <= day or (self.ends is not None and day >= self.ends):
            return False
        if unit == self.unit:
            return True
        first, last = self.spans.get(unit, [None, None])
        return first is not None and first <= day and (last is None or day < last)


def play(steps: list[Any], run: int) -> list[Held]:
    """Do what is drawn, a day each, and keep beside it what ought to count."""
    held: list[Held] = []
    for day, (what, which, place, with_) in enumerate(steps):
        now = NOW + day * DAY
        standing = [each for each in held if each.ends is None]
        if what == "record" or not standing:
            unit = UNITS[place]
            partners = tuple(UNITS[n] for n in sorted(with_) if UNITS[n] != unit)
            made = Held(f"{run}-{day}", unit, partners, 30 + day, day)
            _store(made, now)
            held.append(made)
            continue
        target = standing[which % len(standing)]
        if what == "withdraw":
            _withdraw(target, now)
            target.ends = day
        elif what in ("same", "other"):
            people = target.people + (what == "other")
            made = Held(f"{run}-{day}", target.unit, target.partners, people, day)
            _store(made, now, target)
            target.ends = day
            if what == "same":
                made.answers = dict(target.answers)
                made.spans = {unit: [day, None] for unit, yes in made.answers.items() if yes}
            held.append(made)
        elif target.partners:
            _answer(target, target.partners[place % len(target.partners)], what, day, now)
    return held


def _store(made: Held, now: datetime, target: Held | None = None) -> None:
    change = {"replaces": target.uid, "reason": "更正"} if target else {}
    answers = {"people": made.people}
    record = lecture(
        id=made.uid, unit=made.unit, with_units=made.partners, answers=answers, **change
    )
    accept(record, recorder(made.unit), now)


def _withdraw(target: Held, now: datetime) -> None:
    from taizhang.web.ledger.accept.actions import record_withdraw

    record_withdraw(uid=target.uid, reason="重复", acting_user=recorder(target.unit), now=now)


def _answer(target: Held, unit: str, what: str, day: int, now: datetime) -> None:
    if what == "confirm":
        if unit in target.over:
            with pytest.raises(Refused):
                confirm(target.uid, unit, now)
            return
        confirm(target.uid, unit, now)
        target.spans.setdefault(unit, [day, None])
    else:
        refuse(target.uid, unit, now)
        if target.answers.get(unit):
            target.spans[unit][1] = day
            target.over.add(unit)
    target.answers[unit] = what == "confirm"


@pytest.mark.slow
def test_live_is_what_the_answers_say_on_each_day_and_a_rebuild_gives_the_same(
    any_instance: Home,
) -> None:
    owner = furnish()
    for unit in UNITS:
        recorder(unit)
    runs = iter(range(10_000))
    total: list[Held] = []

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_STEPS)
    def check(steps: list[Any]) -> None:
        total.extend(play(steps, next(runs)))
        for day in range(-1, 10, 3):
            as_of = (NOW + day * DAY).date()
            for unit in UNITS:
                assert counted(unit, as_of) == sum(each.counts(unit, day) for each in total)
            below = (FIRST, SECOND)
            once = sum(any(each.counts(unit, day) for unit in below) for each in total)
            assert counted(STREET, as_of) == once
        assert rebuilt(owner).issues == ()

    check()
    once = rebuilt(owner)
    assert rebuilt(owner).digest == once.digest
    assert verified() == []
    _engines_agree()


def _engines_agree() -> None:
    """The engine on tables and the plain one in memory say the same of joint facts, day by day."""
    from taizhang.core.aggregate.query import AggregateQuery, Aggregation
    from taizhang.core.aggregate.reference_engine import ReferenceEngine
    from taizhang.core.base.quantity import from_scaled
    from taizhang.core.counting.fact import Fact, dims_of
    from taizhang.web.ledger import models
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=NOW + 60 * DAY, language="zh")
    facts = [
        Fact(
            record=f"{row.record_id:09}",
            ordinal=row.ordinal,
            measure=row.measure,
            unit=row.unit,
            date=row.date,
            value=from_scaled(row.low, row.high, row.kind),
            dimensions=dims_of(row.dims),
            entity=row.entity,
            person=row.person,
            joint=row.joint,
            accepted_at=row.accepted_at,
            retired_at=row.retired_at,
        )
        for row in models.Fact.objects.all()
    ]
    plain = ReferenceEngine(facts, book.history)
    span = (date(2026, 1, 1), date(2026, 12, 31))
    asks = [
        AggregateQuery(f"trial.{measure}", Aggregation.SUM, *span, (), None)
        for measure in ("lectures", "attendance")
    ]
    for day in range(-1, 10, 2):
        tree, as_of = date(2026, 6, 30), (NOW + day * DAY).date()
        expected = plain.totals(asks, book.history.codes, tree=tree, as_of=as_of)
        found = book.engine.totals(asks, book.history.codes, tree=tree, as_of=as_of)
        assert found == expected
