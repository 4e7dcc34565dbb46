"""The log is read in words: every action that any room writes has them."""

import ast
import re
from pathlib import Path

import taizhang.web
from taizhang.web.administration.audit_labels import WORDS, action_words

ACTION = re.compile(r"[a-z]+(\.[a-z_-]+)+")
#: Functions that take the name of an action down to the log.
WRITERS = {
    "audit_append",
    "answers_write",
    "numbers_put",
    "bodies_store",
    "_log",
    "_write",
    "_freeze",
}


def written() -> set[str]:
    """Give the names of actions that stand in calls of these functions."""
    found = set()
    for file in Path(taizhang.web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in WRITERS:
                continue
            for given in (*node.args, *(one.value for one in node.keywords)):
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found |= {given.value} if ACTION.fullmatch(given.value) else set()
    return found


def test_every_action_that_is_written_has_words() -> None:
    from taizhang.web.ledger.models import Review
    from taizhang.web.things.sealed_text import MERGE, PART

    said = written() | {MERGE, PART}
    assert {
        "record.accept",
        "pack.install",
        "instance.set-up",
        "assessment.sign",
        "totp.on",
    } <= said
    # What came after the role had ended, or into a closed month, is told beside the action.
    said |= {
        f"{action}{moved}{late}"
        for action in ("record.accept", "records.import")
        for moved in ("", ".moved")
        for late in ("", ".late")
    }
    said |= {f"record.review.{kind}" for kind in Review.Kind.values}
    assert said == set(WORDS)


def test_an_action_of_another_version_stays_as_it_is() -> None:
    assert action_words("stock.count") == "stock.count"
