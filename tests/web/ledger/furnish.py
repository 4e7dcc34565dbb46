"""A small tree, the trial pack and records for the tests of the ledger."""

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Code, Refused, errors
from taizhang.core.counting.fact import Submission

TRIAL = Path(__file__).resolve().parents[2] / "errors" / "shared" / "trial"
NOW = datetime(2026, 7, 10, 2, tzinfo=UTC)
DISTRICT, STREET, OTHER = "360602000000", "360602001000", "360602002000"
FIRST, SECOND, THIRD, GONE, MERGED = (
    "360602001001",
    "360602001002",
    "360602002001",
    "360602001003",
    "360602001004",
)
UNITS = f"""code,name,level,kind,parent,valid_from,valid_to
{DISTRICT},月湖区,district,市辖区,,,
{STREET},江边街道,street,街道,{DISTRICT},,
{OTHER},交通街道,street,街道,{DISTRICT},,
{FIRST},一社区,community,社区,{STREET},,
{SECOND},二社区,community,社区,{STREET},,
{THIRD},三社区,community,社区,{OTHER},,
{GONE},旧社区,community,社区,{STREET},,2026-03-31
{MERGED},新社区,community,社区,{STREET},2026-04-01,
"""
CHANGES = f"""date,change,from,to
2026-04-01,recode,{GONE},{MERGED}
"""


def pack_files() -> dict[str, bytes]:
    """Give the trial pack as the files it is made of."""
    return {
        path.relative_to(TRIAL).as_posix(): path.read_bytes()
        for path in sorted(TRIAL.rglob("*"))
        if path.is_file()
    }


def furnish(files: Mapping[str, bytes] | None = None) -> Any:
    """Import the tree and install the trial pack, or the pack of these files; give the owner."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    units_import(
        units=File(name="units.csv", data=UNITS.encode()),
        changes=File(name="changes.csv", data=CHANGES.encode()),
        acting_user=owner,
        now=NOW,
    )
    pack_install(source=files or pack_files(), acting_user=owner, now=NOW)
    return owner


_numbers = itertools.count(1)


def lecture(**changes: Any) -> Submission:
    """Give a record of a lecture with 35 people; ``answers`` are added to the usual ones."""
    answers: Mapping[str, Any] = {
        "held": "yes",
        "held_on": "2026-05-06",
        "topic": "tb",
        "people": 35,
        **changes.pop("answers", {}),
    }
    values = {
        "id": f"r{next(_numbers)}",
        "form": "trial.lecture",
        "unit": FIRST,
        "date": date(2026, 5, 6),
        **changes,
    }
    return Submission(answers=answers, **values)


def line(record: Submission) -> dict[str, Any]:
    """Give a record as a line of a record file says it."""
    common = {
        "id": record.id,
        "form": record.form,
        "unit": record.unit,
        "with": list(record.with_units),
        "date": record.date.isoformat(),
        "answers": dict(record.answers),
        "replaces": record.replaces,
        "withdraws": record.withdraws,
        "reason": record.reason,
    }
    return {name: value for name, value in common.items() if value or name == "answers"}


def codes(call: Callable[[], object]) -> list[Code]:
    """Give the codes with which a call is refused, warnings beside them left out."""
    with pytest.raises(Refused) as caught:
        call()
    return [issue.code for issue in errors(caught.value.issues)]
