"""How much memory the processes of a server hold, and how much each may."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

#: Bytes: a process that holds more is replaced when what it has at work is done.
MOST = 700_000_000
_PROCESSES = Path("/proc")
#: Parts of the command lines of a server and of its job worker.
_SERVER, _WORKER = b"taizhang.web.instance.server", b"taizhang.web.instance.worker"


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """A process of the server and the bytes that it holds, those that it shares included."""

    number: int
    is_worker: bool
    held: int

    @property
    def megabytes(self) -> int:
        """Give them in millions, rounded."""
        return round(self.held / 1e6)


def held(process: int | str = "self") -> int:
    """Give the bytes that a process holds; 0 where the system does not tell or it ended."""
    try:
        pages = int((_PROCESSES / str(process) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def serving() -> tuple[ProcessMemory, ...]:
    """Give the processes of the server that this one belongs to; none where it belongs to none."""
    first = os.getppid()
    if _SERVER not in _command(first):
        return ()
    processes = [ProcessMemory(first, False, held(first))]
    for entry in _PROCESSES.glob("[0-9]*"):
        if _parent(entry) == first:
            number = int(entry.name)
            processes.append(ProcessMemory(number, _WORKER in _command(number), held(number)))
    return tuple(sorted(processes, key=lambda process: process.number))


def _command(process: int) -> bytes:
    try:
        return (_PROCESSES / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0
