"""The child process in which formats with a parser of their own are read, its limits.

A document file may be made to hang or to fill the memory of whoever opens it.  The child gives its
lines as JSON on standard output; whatever happens to it, the caller gets lines or a clear Issue.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.reading.base.code import ReadingCode
from taizhang.reading.base.deadline import MEMORY, SECONDS, spend, too_much
from taizhang.reading.base.line import Cell
from taizhang.reading.source.source_line import MEGABYTE, Raw

#: seconds by the clock on the wall: a child that only sleeps computes nothing
PATIENCE = 3 * SECONDS
#: exit codes of the child
FAILED, TOO_MUCH = 3, 4


def guarded_read(kind: str, data: bytes, name: str) -> list[Raw]:
    """Read ``docx``, ``xlsx``, ``html`` or ``pdf`` into raw lines.

    :raises Refused: READING_003 … READING_006 as the child says, or when it was stopped
    """
    command = [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path), kind]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=data, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise too_much(name) from error
    finally:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spend(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    if done.returncode == FAILED:
        answer = json.loads(done.stdout)
        raise Refused([Issue(ReadingCode[answer["code"]], Place(name), answer["facts"])])
    if done.returncode:
        raise too_much(name)
    return [_raw(row) for row in json.loads(done.stdout)]


_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from taizhang.reading.source.sandbox import child; child(sys.argv[2])"
)


def _raw(row: dict[str, object]) -> Raw:
    cells = row.get("cells")
    parsed = tuple(Cell(*cell) for cell in cells) if isinstance(cells, list) else ()
    return Raw(str(row["text"]), parsed, int(str(row.get("table", 0))))


def child(kind: str) -> None:
    """Read standard input as ``kind`` and write its lines; this is the child's whole life."""
    limit = MEMORY * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        from taizhang.reading.source.format import format_read

        lines = format_read(kind, sys.stdin.buffer.read())
        payload = json.dumps([_said(line) for line in lines], ensure_ascii=False)
    except MemoryError:
        sys.exit(TOO_MUCH)
    except Refused as refused:
        issue = refused.issues[0]
        sys.stdout.write(json.dumps({"code": issue.code.name, "facts": dict(issue.facts)}))
        sys.exit(FAILED)
    sys.stdout.buffer.write(payload.encode("utf-8", errors="replace"))


def _said(line: Raw) -> dict[str, object]:
    if not line.cells:
        return {"text": line.text}
    cells = [(cell.text, cell.column, cell.first) for cell in line.cells]
    return {"text": line.text, "table": line.table, "cells": cells}
