"""Eight writers at once, killed in the middle: what was acknowledged is there, once, and counts."""

import itertools
import json
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.writer import writers_start
from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import FIRST, NOW, SECOND, THIRD, lecture, line

WRITERS, RECORDS, ENOUGH = 8, 40, 90
UNITS = (FIRST, SECOND, THIRD)


def files_write(folder: Path) -> list[Path]:
    """Write a file of records for each writer; every fourth record corrects the one before."""
    files = []
    for writer in range(WRITERS):
        lines = []
        for number in range(RECORDS):
            changes: dict[str, Any] = {"id": f"w{writer}-{number}"}
            if number % 4 == 3:
                changes |= {"replaces": f"w{writer}-{number - 1}", "reason": "更正"}
            unit = UNITS[(number - number % 4 // 3 + writer) % 3]
            people = {"people": number} if number % 5 else {"people": ""}
            lines.append(line(lecture(unit=unit, answers=people, **changes)))
        file = folder / f"writer{writer}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        files.append(file)
    return files


def acknowledged(files: list[Path]) -> list[str]:
    """Give the ids that writers saw acknowledged; the last line of a killed one may be cut."""
    ids = []
    for file in files:
        ack = file.with_suffix(".ack")
        if ack.exists():
            ids += [uid for uid in ack.read_text("utf-8").split("\n")[:-1] if uid]
    return ids


def end(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def sound(user: Any, home: Home) -> None:
    """See that each record is there once, that log and counts agree with the records."""
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.ledger.models import Fact, Record

    stored = list(Record.objects.values_list("uid", flat=True))
    assert max(Counter(stored).values()) == 1
    facts = Counter(Fact.objects.values_list("record__uid", flat=True))
    assert facts == dict.fromkeys(stored, 2)
    logged = Entry.objects.filter(action="record.accept").values_list("objects_text", flat=True)
    assert Counter(uid for ids in logged for uid in json.loads(ids)) == Counter(stored)
    assert facts_rebuild(acting_user=user, now=NOW).issues == ()
    assert main(["audit", "verify", "--home", str(home.path)]) == 0


@pytest.mark.slow
def test_writers_killed_in_the_middle(any_owner: Any, any_instance: Home, tmp_path: Path) -> None:
    from django.db import connections

    from taizhang.web.ledger.models import Record

    files = files_write(tmp_path)
    connections.close_all()
    processes = writers_start(any_instance.path, files, tmp_path / "go")
    try:
        (tmp_path / "go").touch()
        for _ in itertools.takewhile(lambda _: len(acknowledged(files)) < ENOUGH, range(3000)):
            time.sleep(0.005)
    finally:
        end(processes)
    told = acknowledged(files)
    assert ENOUGH <= len(told) < WRITERS * RECORDS
    assert Record.objects.filter(uid__in=told).count() == len(told)
    sound(any_owner, any_instance)
    connections.close_all()

    # The phones send again what they do not know to be there: nothing is doubled, all arrives.
    again = [tmp_path / "again0.jsonl", tmp_path / "again1.jsonl"]
    for number, file in enumerate(again):
        file.write_text("".join(file.read_text("utf-8") for file in files[number::2]), "utf-8")
    processes = writers_start(any_instance.path, again, tmp_path / "go")
    assert [process.wait(60) for process in processes] == [0, 0]
    end(processes)
    assert Record.objects.count() == WRITERS * RECORDS
    sound(any_owner, any_instance)
