"""What is accepted can be finished: generated forms are filled in, sent and read back.

Every type, spelling and appearance of the converter's own tables stands in a generated form.  Each
form is either refused at the check with the code that the table foretells, or it is installed,
served, filled in twice from what is served, sent through the door of phones, and its stored answers
are held against what was filled in.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from taizhang.core.base.issue import errors
from taizhang.core.form.field_type import (
    ANSWERABLE,
    APPEARANCES,
    LIST_SPELLINGS,
    SPELLINGS,
    UNANSWERABLE,
)
from taizhang.core.pack.load import load
from taizhang.core.rules import check
from taizhang.web.instance.paths import Home
from tests.web.browsing import person
from tests.web.exchange.client import Client, as_number
from tests.web.exchange.furnish import Phone, message_of, xml
from tests.web.exchange.generated import Made, forms, known_to_pyxform
from tests.web.ledger.furnish import FIRST, furnish, pack_files
from tests.web.ledger.test_evidence import photo

#: So many forms at least; fewer would leave a place of a type out.
FEWEST, FEWEST_REFUSED = 300, 45


def codes(made: Made) -> list[str]:
    """Give the codes of the errors that a check of the form finds."""
    files = {**pack_files(), f"forms/{made.key}.md": made.source.encode()}
    pack, issues = load(files, tests=False)
    problems = list(errors(issues))
    if pack is not None and not problems:
        problems += errors(check(pack))
    return sorted({issue.code.name for issue in problems})


@cache
def drawn() -> tuple[Made, ...]:
    """Give the generated forms, made once for the module."""
    return forms()


def test_the_forms_hold_every_type_and_appearance_that_the_converter_knows() -> None:
    assert known_to_pyxform() == set(), "give the new types a row in core/form/field_type.py"
    of = [made.of.partition(",")[0] for made in drawn()]
    kinds = ANSWERABLE | set(UNANSWERABLE) | set(SPELLINGS) | set(LIST_SPELLINGS)
    assert kinds <= set(of)
    looks = {f"{kind} {name}" for kind, names in APPEARANCES.items() for name in names}
    assert looks <= set(of)
    assert len(drawn()) >= FEWEST


@pytest.mark.slow
def test_each_form_that_cannot_work_is_refused_with_its_code() -> None:
    refused = [made for made in drawn() if made.refused]
    wrong = {
        made.of: codes_found for made in refused if made.refused not in (codes_found := codes(made))
    }
    assert wrong == {}
    assert len(refused) >= FEWEST_REFUSED


@pytest.fixture
def phone(instance: Home) -> Phone:
    """This fixture will install all accepted forms as one pack and give a phone for them."""
    files = pack_files()
    files |= {f"forms/{form.key}.md": form.source.encode() for form in drawn() if not form.refused}
    furnish(files)
    person("wang", "recorder", FIRST)
    return Phone("wang")


@pytest.mark.slow
def test_every_accepted_form_is_filled_in_sent_and_stored(phone: Phone) -> None:
    board = "<board>B-1</board><changed_on>2026-05-06</changed_on><state>in_use</state>"
    assert phone.send(xml("uuid:board", board, "trial.board")).status_code == 201
    stranded: dict[str, str] = {}
    sent = Counter[str]()
    for made in drawn():
        if made.refused:
            continue
        served = phone.get(f"xforms/trial.{made.key}/form.xml")
        assert served.status_code == 200, made.of
        client = Client(served.content)
        # A second time with other choices; another spelling of a type is that type.
        for turn in (0,) if made.of.partition(",")[0] in SPELLINGS | LIST_SPELLINGS else (0, 1):
            uid = f"uuid:{made.key}-{turn}"
            filled = client.fill(uid, turn, {"boards": "B-1"})
            files = {name: photo() for name in filled.files}
            answer = phone.send(filled.xml, files)
            sent["forms" if turn == 0 else "again"] += 1
            if answer.status_code != 201:
                stranded[f"{made.of} #{turn}"] = message_of(answer)
            elif (kept := stored(uid)) != filled.answers:
                stranded[f"{made.of} #{turn}"] = f"{kept} is not {filled.answers}"
    assert stranded == {}
    assert sent["forms"] == sum(not made.refused for made in drawn()) >= FEWEST


def stored(uid: str) -> dict[str, Any]:
    """Give the stored answers of a record as the client lists what it filled in."""
    from taizhang.web.ledger.models import Record

    answers: dict[str, Any] = {}
    for name, answer in json.loads(Record.objects.get(uid=uid).answers).items():
        if isinstance(answer, list) and answer and isinstance(answer[0], dict):
            for row in answer:
                for inner, value in row.items():
                    answers.setdefault(f"{name}.{inner}", []).append(_plain(value))
        else:
            answers[name] = [_plain(answer)]
    return answers


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return as_number(value)
