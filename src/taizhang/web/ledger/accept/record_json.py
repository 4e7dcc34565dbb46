"""A record as a line of JSON: read from a file, known by its content when it comes again.

A line is ``{id, form, unit, date, answers, with?, confirmed?, pack_version?, replaces?, withdraws?,
reason?, time?, by?, case?, step?}``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from taizhang.core.base.invisible_sign import control, line_of
from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.literal import day_of
from taizhang.core.base.record_id import id_usable
from taizhang.core.counting.fact import Submission
from taizhang.web.ledger.canonical_json import canonical
from taizhang.web.ledger.code import CALLED, ONE_LINE, RecordCode
from taizhang.web.ledger.models import DOER, KEY, REASON, STEP, UID, UNIT

#: Name in the file → (whether needed, longest text).
TEXTS = {
    "id": (True, UID),
    "form": (True, KEY),
    "unit": (True, UNIT),
    "pack_version": (False, 32),
    "replaces": (False, UID),
    "withdraws": (False, UID),
    "reason": (False, REASON),
    "case": (False, UID),
    "step": (False, STEP),
    "by": (False, DOER),
}
#: No record is older; a year like 0206 is a slip of the finger.
EARLIEST = 1900
NAMES = (*TEXTS, "with", "confirmed", "date", "time", "answers")


#: Hours and minutes, seconds where somebody knows them.
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


class _Twice(ValueError):
    """Raised when an object has one name twice."""


def line_read(line: str, place: Place) -> tuple[Submission | None, tuple[Issue, ...]]:
    """Read one line; the record is ``None`` where it has issues."""
    try:
        content = json.loads(line, object_pairs_hook=_object, parse_constant=_constant)
        if "\\u" in line:
            canonical(content).encode()  # "\ud83d" alone is half a character
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", None) or str(error)
        return None, (Issue(RecordCode.RECORD_001, place, {"why": why}),)
    return record_read(content, place)


def record_read(content: object, place: Place) -> tuple[Submission | None, tuple[Issue, ...]]:
    """Read one record from its JSON shape; it is ``None`` where it has issues."""
    if not isinstance(content, Mapping):
        facts = {"field": CALLED["record"], "wanted": "{…}"}
        return None, (Issue(RecordCode.RECORD_002, place, facts),)
    issues: list[Issue] = []
    texts = {name: _text(content, name, *rule, issues, place) for name, rule in TEXTS.items()}
    if len(texts["id"]) <= UID and texts["id"] and not id_usable(texts["id"]):
        issues.append(Issue(RecordCode.RECORD_023, place, {"id": texts["id"]}))
    day = _day(content.get("date"), issues, place)
    hour = _hour(content.get("time"), issues, place)
    credited = _codes(content.get("with") or (), "with", issues, place)
    confirmed = content.get("confirmed")
    if confirmed is not None:
        confirmed = _codes(confirmed, "confirmed", issues, place)
    answers = content.get("answers")
    if answers is None and not texts["withdraws"]:
        issues.append(Issue(RecordCode.RECORD_004, place, {"field": CALLED["answers"]}))
    elif not isinstance(answers or {}, Mapping):
        facts = {"field": CALLED["answers"], "wanted": "{…}"}
        issues.append(Issue(RecordCode.RECORD_002, place, facts))
    known = frozenset(NAMES)
    for name in content:
        if name not in known:
            facts = {"field": str(name), "known": ", ".join(NAMES)}
            issues.append(Issue(RecordCode.RECORD_003, place, facts))
    if issues or day is None:
        return None, tuple(issues)
    return (
        Submission(
            id=texts["id"],
            form=texts["form"],
            unit=texts["unit"],
            date=day,
            answers=answers or {},
            with_units=credited,
            confirmed=confirmed,
            pack_version=texts["pack_version"] or None,
            replaces=texts["replaces"] or None,
            withdraws=texts["withdraws"] or None,
            reason=texts["reason"],
            case=texts["case"] or None,
            step=texts["step"] or None,
            time=hour,
            by=texts["by"],
        ),
        (),
    )


def record_shape(record: Submission, place: Place) -> tuple[Issue, ...]:
    """Give what is wrong with the head of a record that came from elsewhere than a file."""
    head = {
        "id": record.id,
        "form": record.form,
        "unit": record.unit,
        "with": record.with_units,
        "confirmed": record.confirmed,
        "date": record.date.isoformat(),
        "answers": record.answers,
        "pack_version": record.pack_version,
        "replaces": record.replaces,
        "withdraws": record.withdraws,
        "reason": record.reason,
        "case": record.case,
        "step": record.step,
        "time": None if record.time is None else record.time.isoformat(),
        "by": record.by,
    }
    return record_read(head, place)[1]


def _text(
    content: Mapping[str, object],
    name: str,
    needed: bool,
    most: int,
    issues: list[Issue],
    place: Place,
) -> str:
    value = content.get(name)
    if value is None or value == "":
        if needed:
            issues.append(Issue(RecordCode.RECORD_004, place, {"field": CALLED[name]}))
        return ""
    if name == "reason" and isinstance(value, str):
        value = line_of(value)
        if sign := control(value):
            issues.append(Issue(RecordCode.RECORD_031, place, {"sign": sign}))
            return ""
    elif not isinstance(value, str) or not value.isprintable() or value != value.strip():
        facts = {"field": CALLED[name], "wanted": ONE_LINE}
        issues.append(Issue(RecordCode.RECORD_002, place, facts))
        return ""
    if len(value) > most:
        issues.append(Issue(RecordCode.RECORD_005, place, {"field": CALLED[name], "most": most}))
    return value


def _day(value: object, issues: list[Issue], place: Place) -> date | None:
    if value is None or value == "":
        issues.append(Issue(RecordCode.RECORD_004, place, {"field": CALLED["date"]}))
        return None
    if isinstance(value, str):
        try:
            day = day_of(value)
        except ValueError:
            day = None
        if day is not None and day.year >= EARLIEST:
            return day
    issues.append(
        Issue(RecordCode.RECORD_002, place, {"field": CALLED["date"], "wanted": "2026-05-06"})
    )
    return None


def _hour(value: object, issues: list[Issue], place: Place) -> time | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and (match := _HOUR.fullmatch(value)):
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    facts = {"field": CALLED["time"], "wanted": "09:30"}
    issues.append(Issue(RecordCode.RECORD_002, place, facts))
    return None


def _codes(value: object, name: str, issues: list[Issue], place: Place) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(_code(code) for code in value):
        return tuple(value)
    facts = {"field": CALLED[name], "wanted": '["360602001002"]'}
    issues.append(Issue(RecordCode.RECORD_002, place, facts))
    return ()


def _code(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= UNIT and value.isprintable()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise _Twice(f"{twice!r} stands twice")
    return content


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def content_digest(record: Submission) -> str:
    """Give the digest by which a record that comes again is known.

    It covers all but its id and moment, and what its partners have agreed to meanwhile.
    """
    content: tuple[object, ...] = (
        record.form,
        record.unit,
        record.date.isoformat(),
        record.with_units,
        record.answers,
        record.pack_version,
        record.replaces,
        record.withdraws,
        record.reason,
    )
    hour = "" if record.time is None else record.time.isoformat()
    of_case = (record.case or "", record.step or "", hour, record.by)
    if any(of_case):  # other records keep the digest that they had before there were cases
        content = (*content, *of_case)
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def lines_read(
    lines: Iterable[str | bytes], file: str
) -> Iterator[tuple[Place, Submission | None, tuple[Issue, ...]]]:
    """Read a record file line by line; blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        place = Place(file, number)
        try:
            text = line if isinstance(line, str) else line.decode()
        except UnicodeDecodeError as error:
            yield place, None, (Issue(RecordCode.RECORD_001, place, {"why": str(error)}),)
            continue
        text = text.removeprefix("\ufeff").strip()
        if text:
            yield place, *line_read(text, place)
