"""Files named on the command line."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from taizhang.cli.language import _
from taizhang.core.issue import Code, Issue, Place, Refused, gettext_noop
from taizhang.core.period import PeriodError, parse_day


class FileCode(Code):
    """What can be wrong with a file that a command is given."""

    FILE_001 = (
        gettext_noop("The file cannot be read: %(why)s."),
        gettext_noop("Check its path and who may read it."),
    )
    FILE_002 = (
        gettext_noop("The file cannot be written: %(why)s."),
        gettext_noop("Name a folder that exists and that you may write to."),
    )


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


def day(value: str) -> date:
    """Read a day given as an option, for ``type=``: wrong ones are wrong usage."""
    try:
        return parse_day(value)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        message = _("'%(value)s' is not a day like 2026-03-01") % {"value": value}
        raise argparse.ArgumentTypeError(message) from error
