"""A record is judged by the version it was filled in with and counted by the one on its date."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.core.base.issue import Refused
from taizhang.core.base.quantity import QuantityKind
from taizhang.web.instance.paths import Home
from taizhang.web.ledger.code import RecordCode
from tests.web.ledger.furnish import FIRST, NOW, codes, furnish, pack_files

DAY = date(2026, 7, 8)  # yesterday but one; the second version is in force from the day after
SWITCH = date(2026, 7, 9)

#: One form; fields are put into it version by version.
FORM = """| survey |  |  |  |  |  |
| | type | name | label | required | about |
| | date | held_on | 举办日期 | yes | activity |
{fields}
| choices |  |  |  |
| | list_name | name | label |
{choices}
| settings |  |  |  |  |
| | form_title | form_id | version | about |
| | 活动 | event | {form_version} | activity |
"""
MEASURES = """measures:
  events: {{label: 活动, unit: 次, kind: event, about: activity}}
{measures}
counting:
  - form: event
    date: held_on
    {by}
    facts: {{events: 1{facts}}}
"""


def pack(version: str, form_version: str, kinds: dict[str, str]) -> dict[str, bytes]:
    """Give a version of a pack whose form has these fields, name → kind."""
    types = {
        "number": "integer",
        "must": "integer",
        "words": "text",
        "choice": "select_one topic",
        "fewer": "select_one topic",
        "renamed": "select_one topic",
    }
    rows = [
        f"| | {types[kind]} | {name} | 问题{name} | {'yes' if kind == 'must' else ''} | activity |"
        for name, kind in kinds.items()
    ]
    chosen = next((kind for kind in kinds.values() if types[kind].startswith("select")), "choice")
    choices = ["| | topic | law | 法律 |"]
    if chosen != "fewer":
        label = "防治结核病" if chosen == "renamed" else "结核病防治"
        choices.append(f"| | topic | tb | {label} |")
    numbers = [name for name, kind in kinds.items() if types[kind] == "integer"]
    by = {name: name for name, kind in kinds.items() if types[kind].startswith("select")}
    form = FORM.format(
        fields="\n".join(rows), choices="\n".join(choices), form_version=form_version
    )
    measures = MEASURES.format(
        measures="\n".join(
            f"  {name}: {{label: 数{name}, unit: 人次, kind: event, about: activity}}"
            for name in numbers
        ),
        by=f"by: {{{', '.join(f'{name}: {name}' for name in by)}}}",
        facts="".join(f", {name}: {name}" for name in numbers),
    )
    return {
        "pack.yaml": pack_yaml(version),
        "forms/event.md": form.replace("\n\n", "\n").encode(),
        "measures.yaml": measures.replace("\n\n", "\n").encode(),
    }


def pack_yaml(version: str) -> bytes:
    """Give the head of the trial pack with another version."""
    return pack_files()["pack.yaml"].replace(b"1.0.0", version.encode())


def install(files: dict[str, bytes], user: Any, day: date) -> None:
    from taizhang.web.programmes.actions import pack_install

    pack_install(source=files, in_force_from=day, acting_user=user, now=NOW)


def filled(uid: str, day: date, form_version: str, answers: dict[str, Any]) -> bytes:
    """Give a form as a phone sends it, the unanswered questions left empty."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    return (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="trial.event" version="{form_version}">'
        f"<held_on>{day.isoformat()}</held_on>{inner}"
        f"<orx:meta><orx:instanceID>{uid}</orx:instanceID></orx:meta></data>"
    ).encode()


def send(user: Any, xml: bytes) -> Any:
    from taizhang.web.ledger.accept.submission import submission_accept

    return submission_accept(xml=xml, files={}, unit=FIRST, acting_user=user, now=NOW)


def facts_of(uid: str) -> dict[str, tuple[Any, int]]:
    from taizhang.web.ledger.models import Fact

    rows = Fact.objects.filter(record__uid=uid).values_list("measure", "low", "kind")
    return {measure.partition(".")[2]: (low, kind) for measure, low, kind in rows}


@pytest.fixture
def two(instance: Home) -> Any:
    """This fixture will give the owner of an instance whose form got an obligatory question."""
    owner = furnish(pack("1.0.0", "1", {"n": "number"}))
    install(pack("1.1.0", "2", {"n": "number", "m": "must"}), owner, SWITCH)
    return owner


def test_todays_form_tells_of_a_day_before_its_version(two: Any) -> None:
    from taizhang.web.ledger.models import Record

    sent = send(two, filled("uuid:a", DAY, "2", {"n": 3, "m": 2}))
    assert sent.warnings == ()
    record = Record.objects.get(uid="uuid:a")
    assert (record.pack_version, record.answers) == (
        "1.1.0",
        '{"held_on":"2026-07-08","m":2,"n":3}',
    )
    # Counted by the version of its date, which knew nothing of m.
    assert facts_of("uuid:a") == {
        "events": (10_000, QuantityKind.EXACT.value),
        "n": (30_000, QuantityKind.EXACT.value),
    }


def test_a_form_kept_on_the_phone_is_sent_after_the_switch(two: Any) -> None:
    from taizhang.web.ledger.models import Record

    sent = send(two, filled("uuid:a", SWITCH, "1", {"n": 3}))
    assert [warning.code.name for warning in sent.warnings] == ["SENT_014"]
    assert Record.objects.get().pack_version == "1.0.0"
    # The question that its version did not ask gives no fact, not a missing one.
    assert facts_of("uuid:a").keys() == {"events", "n"}
    send(two, filled("uuid:b", SWITCH, "2", {"n": 3, "m": 4}))
    assert facts_of("uuid:b")["m"] == (40_000, QuantityKind.EXACT.value)


def test_a_form_that_kept_its_version_number_is_known_by_its_questions(instance: Home) -> None:
    from taizhang.web.ledger.models import Record

    owner = furnish(pack("1.0.0", "1", {"n": "number"}))
    install(pack("1.1.0", "1", {"n": "number", "m": "must"}), owner, SWITCH)
    send(owner, filled("uuid:old", SWITCH, "1", {"n": 3}))
    send(owner, filled("uuid:new", SWITCH, "1", {"n": 3, "m": 1}))
    versions = dict(Record.objects.values_list("uid", "pack_version"))
    assert versions == {"uuid:old": "1.0.0", "uuid:new": "1.1.0"}


def test_a_version_that_never_was_is_refused_in_words_for_a_phone(two: Any) -> None:
    with pytest.raises(Refused) as refused:
        send(two, filled("uuid:a", DAY, "9", {"n": 3}))
    assert [issue.code.name for issue in refused.value.issues] == ["SENT_005"]


def test_a_line_names_the_version_it_was_filled_in_with(two: Any) -> None:
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.ledger.models import Record

    def line(uid: str, day: date, answers: str, version: str = "") -> str:
        named = f'"pack_version": "{version}", ' if version else ""
        return (
            f'{{"id": "{uid}", "form": "event", "unit": "{FIRST}", "date": "{day}", {named}'
            f'"answers": {{"held_on": "{day}", {answers}}}}}'
        )

    lines = [
        line("a", DAY, '"n": 1, "m": 2', "1.1.0"),
        line("b", SWITCH, '"n": 1', "1.0.0"),
        line("c", DAY, '"n": 1'),
        line("d", SWITCH, '"n": 1, "m": 1'),
    ]
    done = records_import(lines=lines, acting_user=two, now=NOW)
    assert [warning.code for warning in done.warnings] == [RecordCode.RECORD_021] * 2
    versions = dict(Record.objects.values_list("uid", "pack_version"))
    assert versions == {"a": "1.1.0", "b": "1.0.0", "c": "1.0.0", "d": "1.1.0"}
    wrong = [line("e", DAY, '"n": 1', "0.9.0"), line("f", SWITCH, '"n": 1')]
    assert [
        code.name for code in codes(lambda: records_import(lines=wrong, acting_user=two, now=NOW))
    ] == ["RECORD_024", "ANSWER_002"]


def test_a_day_before_the_pack_is_kept_and_counts_for_nothing(instance: Home) -> None:
    from taizhang.web.ledger.models import Record

    owner = furnish()
    files = {
        name: content.replace(b"trial", b"later") if name == "pack.yaml" else content
        for name, content in pack("1.0.0", "1", {"n": "number"}).items()
    }
    install(files, owner, SWITCH)
    xml = filled("uuid:a", DAY, "1", {"n": 3}).replace(b"trial.event", b"later.event")
    sent = send(owner, xml)
    assert [warning.code for warning in sent.warnings] == [RecordCode.RECORD_025]
    assert Record.objects.get().pack_version == "1.0.0"
    assert facts_of("uuid:a") == {}
    rebuilt(owner)


def rebuilt(owner: Any) -> None:
    """See that a rebuild changes nothing and that the log verifies deeply."""
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.ledger.facts.rebuild import facts_digest, facts_verify

    before = facts_digest()
    done = facts_rebuild(acting_user=owner, now=NOW)
    assert (done.issues, done.digest) == ((), before[0])
    assert facts_verify(NOW).issues == ()
    assert verify().issues == ()


KINDS = st.sampled_from(["number", "must", "words", "choice", "fewer", "renamed"])
FIELDS = st.dictionaries(st.sampled_from(["a", "b", "c"]), KINDS, max_size=3)
VALUES = {"number": 7, "must": 5, "words": "字", "choice": "tb", "fewer": "law", "renamed": "tb"}


@given(versions=st.lists(FIELDS, min_size=2, max_size=4), data=st.data())
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
def test_no_version_strands_anybody(any_instance: Home, versions: Any, data: Any) -> None:
    """Whatever a new version adds, removes or turns, each form that was offered is taken."""
    from django.db import transaction

    with transaction.atomic():
        # Fields of one list of choices share it: the kind of the first holds for all.
        made = [_one_list(kinds) for kinds in versions]
        owner = furnish(pack("1.0.0", "1", made[0]))
        days = [date(2026, 7, 1) + timedelta(days=2 * at) for at in range(len(made))]
        for at in range(1, len(made)):
            install(pack(f"1.{at}.0", str(at + 1), made[at]), owner, days[at])
        for at, kinds in enumerate(made):
            day = data.draw(st.sampled_from([*days, date(2026, 6, 30), date(2026, 7, 9)]))
            ruling = max((index for index in range(1, len(made)) if days[index] <= day), default=0)
            answers = {name: VALUES[kind] for name, kind in kinds.items()}
            uid = f"uuid:{at}"
            assert send(owner, filled(uid, day, str(at + 1), answers)).status == "accepted"
            asked = {name for name, kind in kinds.items() if kind in ("number", "must")}
            read = {name for name, kind in made[ruling].items() if kind in ("number", "must")}
            assert facts_of(uid).keys() == {"events"} | (asked & read)
        rebuilt(owner)
        transaction.set_rollback(True)


def _one_list(kinds: dict[str, str]) -> dict[str, str]:
    lists = [kind for kind in kinds.values() if kind in ("choice", "fewer", "renamed")]
    return {name: lists[0] if kind in lists else kind for name, kind in kinds.items()}


def test_old_records_are_sealed_as_they_were(two: Any) -> None:
    """A record accepted under the first version verifies unchanged after later ones."""
    from taizhang.web.ledger.accept.actions import record_accept

    record_accept(record=_event(), acting_user=two, now=NOW)
    install(pack("1.2.0", "3", {"m": "words"}), two, date(2026, 7, 10))
    rebuilt(two)


def _event() -> Any:
    from taizhang.core.counting.fact import Submission

    answers = {"held_on": DAY.isoformat(), "n": 1}
    return Submission(id="old", form="trial.event", unit=FIRST, date=DAY, answers=answers)
