"""The enclosure: work on what comes from outside, in a child process under clock and memory.

A pack may be made to hang or to fill the memory of whoever looks at it.  The child is a fresh
interpreter, so that neither the threads nor the open database of its parent matter; it tells what
it begins and what it found as lines of JSON in a file, so that a child that is stopped has said how
far it came.  macOS does not hold to the limit of memory; the clock holds there all the same.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import IO

#: What a child calls before each part of its work, such as one file.
Tell = Callable[[str], None]
#: The work of a child: argument and :data:`Tell` → what can be written as JSON.
Work = Callable[[object, Tell], object]


class Stop(StrEnum):
    """Why a child gave no answer."""

    CLOCK = "clock"
    MEMORY = "memory"
    DEPTH = "depth"
    FAULT = "fault"


class Stopped(Exception):
    """Raised where a child gave no answer: why, which part it had begun, and in what it failed."""

    def __init__(self, why: Stop, part: str, detail: str = "") -> None:
        self.why, self.part, self.detail = why, part, detail
        super().__init__(f"{why} {part} {detail}".strip())


@dataclass(frozen=True, slots=True)
class EnclosureLimits:
    """What a child may take: seconds of computing for one part and in all, seconds by the clock on
    the wall, megabytes of memory and of its answer."""

    part: int = 8
    whole: int = 60
    wall: int = 300
    memory: int = 1_000
    answer: int = 20


def enclosed(work: str, argument: object, limits: EnclosureLimits = EnclosureLimits()) -> object:
    """Have ``module:function`` of this software done in a child and give its answer.

    ``argument`` goes to the child by pickle, the answer comes back as JSON: nothing that a child
    says is ever run.

    :raises Stopped: when there is no answer within the limits
    """
    command = [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path), work]
    bounds = (limits.part, limits.whole, limits.memory, limits.answer)
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
        pickle.dump((bounds, argument), asked)
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=asked, stdout=answer, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(limits.wall)
        except subprocess.TimeoutExpired:
            pass  # no answer within the clock: said below
        finally:
            process.kill()
            process.wait()
        answer.seek(0)
        return _answer(answer, process.returncode)


_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from taizhang.core.base.enclosure import child; child(sys.argv[2])"
)


def _answer(stream: IO[bytes], code: int) -> object:
    """Read what a child wrote: the parts it began, then its answer or why there is none."""
    part = ""
    for line in stream:
        if not line.endswith(b"\n"):
            break  # it was stopped while it wrote
        key, value = json.loads(line)
        if key == "answer":
            return value
        if key == "part":
            part = value
        else:
            raise Stopped(Stop(key), part, value)
    # A child that the system stopped says nothing more: by its own clock, by ours, or for memory
    # that the system itself had no more of.
    raise Stopped(Stop.CLOCK if code < 0 else Stop.FAULT, part, f"exit {code}")


def child(work: str) -> None:
    """Do the work named and write its answer: this is the child's whole life."""
    (part, whole, memory, answer), argument = pickle.load(sys.stdin.buffer)  # noqa: S301 - ours
    _limit(resource.RLIMIT_AS, memory << 20)
    _limit(resource.RLIMIT_FSIZE, answer << 20)
    _limit(resource.RLIMIT_CORE, 0)
    out = sys.stdout.buffer

    def say(key: str, value: object) -> None:
        out.write(json.dumps([key, value]).encode() + b"\n")
        out.flush()

    def tell(name: str) -> None:
        say("part", name)
        _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + part, whole)

    tell("")
    try:
        module, _, function = work.partition(":")
        say("answer", getattr(import_module(module), function)(argument, tell))
    except MemoryError:
        say(Stop.MEMORY, "")
    except RecursionError:
        say(Stop.DEPTH, "")
    except Exception as error:
        # Whatever a hostile pack brings out: the caller says it in words, and which part it was.
        say(Stop.FAULT, f"{type(error).__name__}: {error}"[:200])


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, never above what the system allows already."""
    _, most = resource.getrlimit(kind)
    wanted = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    try:
        resource.setrlimit(kind, (min(soft, wanted), wanted))
    except (ValueError, OSError):  # macOS knows no limit of memory
        if kind != resource.RLIMIT_AS:
            raise
