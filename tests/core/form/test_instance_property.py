"""Whatever bytes come: an answer or named issues, never an error; a part is never taken for all."""

from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.form.code import InstanceCode
from taizhang.core.form.instance import MOST_ISSUES, instance_read
from tests.core.form.test_instance import FORM, WHOLE, read, sent

GOOD = sent(WHOLE.replace(' jr:template=""', ""))
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=40
).filter(lambda text: text == text.strip() and text)


@given(st.binary(max_size=400))
def test_any_bytes_end_in_named_issues(noise: bytes) -> None:
    instance, issues = instance_read(noise, FORM)
    assert instance is None
    assert 1 <= len(issues) <= MOST_ISSUES
    assert all(isinstance(issue.code, InstanceCode) for issue in issues)


@given(st.data())
def test_spoilt_bytes_never_raise(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    length = data.draw(st.integers(0, 30))
    spoilt = GOOD[:at] + data.draw(st.binary(max_size=30)) + GOOD[at + length :]
    instance, issues = instance_read(spoilt, FORM)
    assert (instance is None) == bool(issues)


def test_no_part_of_a_form_is_taken_for_the_whole() -> None:
    for end in range(len(GOOD)):
        instance, issues = instance_read(GOOD[:end], FORM)
        assert instance is None
        assert [issue.code for issue in issues] == [InstanceCode.SENT_001]


@given(
    summary=TEXTS,
    people=st.integers(-(10**9), 10**9),
    rows=st.lists(st.tuples(TEXTS, st.integers(0, 10**6)), max_size=5),
)
def test_what_is_written_is_read(summary: str, people: int, rows: list[tuple[str, int]]) -> None:
    fields = f"<people>{people}</people><summary>{escape(summary)}</summary>"
    for batch, copies in rows:
        row = f"<batch>{escape(batch)}</batch><copies>{copies}</copies>"
        fields += f"<materials>{row}</materials>"
    answers = read(sent(fields)).answers
    assert (answers["people"], answers["summary"]) == (str(people), summary)
    assert answers.get("materials", []) == [
        {"batch": batch, "copies": str(copies)} for batch, copies in rows
    ]
