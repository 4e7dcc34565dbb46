"""Files named on the command line."""

from __future__ import annotations

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
