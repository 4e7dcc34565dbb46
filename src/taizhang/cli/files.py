"""Files named on the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from taizhang.cli.code import FileCode
from taizhang.core.base.issue import Issue, Place, Refused


def file_read(path: Path) -> bytes:
    """Read a whole file.

    :raises Refused: FILE_001
    """
    try:
        return path.read_bytes()
    except OSError as error:
        facts = {"why": error.strerror or type(error).__name__}
        raise Refused([Issue(FileCode.FILE_001, Place(str(path)), facts)]) from error


def file_write(path: Path, data: bytes) -> None:
    """Write a whole file, replacing an older one.

    :raises Refused: FILE_002
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        facts = {"why": error.strerror or type(error).__name__}
        raise Refused([Issue(FileCode.FILE_002, Place(str(path)), facts)]) from error


def files_write(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write several files whole or none: each beside its place first, then all put in place.

    :raises Refused: FILE_002
    """
    waiting: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, data in files:
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            waiting.append((Path(name), path))
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(name).chmod(0o666 & ~_umask())
        for fresh, path in waiting:
            fresh.replace(path)
    except OSError as error:
        facts = {"why": error.strerror or type(error).__name__}
        raise Refused([Issue(FileCode.FILE_002, Place(str(path)), facts)]) from error
    finally:
        for fresh, _ in waiting:
            fresh.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
