"""One writer process: accepts the records of a file one by one, noting each that was acknowledged.

`python -m bench.writer HOME LINES ACKNOWLEDGED GO`: it opens the instance HOME, reads the packs as
a server that has worked a while has, says "ready", waits until the file GO exists and then accepts
the lines of LINES; ids go to ACKNOWLEDGED, each only after its acceptance returned.  A writer that
comes to the end leaves beside its ids how long each took and its computing time.  Tests kill such
processes; the benchmark times them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def main(home: Path, lines: Path, acknowledged: Path, go: Path) -> None:
    """Accept every line, in this process."""
    from taizhang.web.instance.open import instance_open

    instance_open(home)
    from taizhang.core.base.issue import Place
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.accept.record_json import content_digest, line_read
    from taizhang.web.ledger.accept.validate import RecordValidator

    owner = user_named(None)
    read = (line_read(line, Place())[0] for line in lines.read_text("utf-8").splitlines())
    records = [record for record in read if record is not None]
    validator = RecordValidator(owner, datetime.now(UTC))
    for record in {record.form: record for record in records}.values():
        validator.validate(record, content_digest(record), Place())
    print("ready", flush=True)
    while not go.exists():
        time.sleep(0.002)
    out = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    seconds = []
    began = time.process_time()
    for record in records:
        started = time.perf_counter()
        record_accept(record=record, acting_user=owner, now=datetime.now(UTC))
        seconds.append(time.perf_counter() - started)
        os.write(out, f"{record.id}\n".encode())
    spent = {
        "computing": time.process_time() - began,
        "ended": time.monotonic(),
        "seconds": seconds,
    }
    acknowledged.with_suffix(".times").write_text(json.dumps(spent), encoding="utf-8")


def writers_start(home: Path, files: Sequence[Path], go: Path) -> list[subprocess.Popen[str]]:
    """Start a writer for each file and wait until all stand ready; `go` lets them run.

    The ids that a writer saw acknowledged lie beside its file, with the ending `.ack`.
    """
    root = Path(__file__).resolve().parent.parent
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.writer", home, file, file.with_suffix(".ack"), go],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        for file in files
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return started


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
