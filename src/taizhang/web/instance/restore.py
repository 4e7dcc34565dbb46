"""An archive put back as an instance, verified as a whole, or not at all.

An archive comes from outside: nothing in it is believed.  Of its files those alone are written
that its manifest names and that an instance has; how they hang together is seen when the restored
instance is verified, and every picture and old text in it opened.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from taizhang.core.base.issue import Issue, Level, Marked, Place, Refused, errors, gettext_noop
from taizhang.web.instance.backup import EVIDENCE, FORMAT, MANIFEST, BackupCode
from taizhang.web.instance.dump import (
    DUMP,
    StoreCode,
    database_clear,
    database_free,
    database_name,
    database_restore,
)
from taizhang.web.instance.paths import (
    DATABASE,
    KEYS,
    MARK,
    MEDIA,
    Home,
    HomeCode,
    folder_make,
    home_free,
    home_read,
    key_read,
    key_write,
    keys_outside,
    mark_read,
    store_check,
)

if TYPE_CHECKING:
    from taizhang.web.audit.verify import Outside, Verified

_BLOCK = 1 << 20
_LARGEST_MANIFEST = 256 << 20  # of some million pictures
_KEY = re.compile(rf"keys/({'|'.join(KEYS)})\.key")


@dataclass(frozen=True)
class Restored:
    """An instance that is back: it was verified, and so many pictures and old texts opened.

    ``issues`` are warnings.
    """

    home: Home
    opened: int
    issues: tuple[Issue, ...]


@dataclass
class _Made:
    """What a restore made so far, to be taken away again when it is refused."""

    folders: list[Path]  # outermost first
    keys: list[Path] = field(default_factory=list)
    database: Home | None = None


def backup_restore(file: Path, path: Path, *, now: datetime, damaged: bool = False) -> Restored:
    """Put an archive back as an instance in the empty or new folder ``path``, and open it.

    Everything is verified before and after: digests, keys, the log with all that it covers, each
    picture and old text.  When anything is wrong, nothing is left behind.

    :param damaged: put it back although pictures or old texts are missing or do not open, or their
        key is missing; each is named in a warning
    :raises Refused: BACKUP_…, INSTANCE_005 to 007, 011, 013 or 014, STORE_…, AUDIT_…, EVIDENCE_…,
        OFFICE_014
    """
    path = path.resolve()
    home_free(path)
    made = _Made(_absent(path))
    is_new = not path.exists()
    try:
        folder_make(path)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=path) as folder:
            home, head = _put_back(file, path, Path(folder), made, damaged)
        return _prove(home, head, damaged, now)
    except OSError as error:
        _undo(path, made, is_new)
        facts = {"why": error.strerror or type(error).__name__}
        raise Refused([Issue(BackupCode.BACKUP_010, Place(str(path)), facts)]) from error
    except BaseException:
        _undo(path, made, is_new)
        raise


def _absent(path: Path) -> list[Path]:
    """Name the folders above ``path`` that do not exist yet, outermost first."""
    return [parent for parent in reversed(path.parents) if not parent.exists()]


def _put_back(
    file: Path, path: Path, folder: Path, made: _Made, damaged: bool
) -> tuple[Home, tuple[int, str] | None]:
    head = _unpack(file, folder)
    home = replace(mark_read(folder), path=path)
    if not (folder / database_name(home)).is_file():
        facts = {"name": database_name(home)}
        raise Refused([Issue(BackupCode.BACKUP_005, Place(str(file)), facts)])
    store_check(home)
    keys_outside(home)
    database_free(home)
    _keys_restore(home, folder, made, damaged)
    # The mark comes first: Django reads which database to use from it.
    shutil.copyfile(folder / MARK, path / MARK)
    media = folder / MEDIA
    media.mkdir(exist_ok=True)  # an archive without evidence has none
    media.rename(path / MEDIA)
    made.database = home
    database_restore(home, folder / database_name(home))
    return home, head


def _undo(path: Path, made: _Made, is_new: bool) -> None:
    """Take away all that was made; what cannot be taken away hides no reason of the refusal."""
    from django.conf import settings
    from django.db import connections

    if settings.configured:  # a refused archive often comes before there is a database
        connections.close_all()
    if made.database is not None:
        database_clear(made.database)
    for key_file in made.keys:
        key_file.unlink(missing_ok=True)
        if not any(key_file.parent.iterdir()):
            key_file.parent.rmdir()
    if path.exists():
        shutil.rmtree(path, ignore_errors=True)
    if not is_new:
        path.mkdir(mode=0o700, exist_ok=True)
    for folder in reversed(made.folders):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


# --- the archive ------------------------------------------------------------------------------


def _unpack(file: Path, folder: Path) -> tuple[int, str] | None:
    """Unpack what the manifest names, and see that it is all of it and unchanged.

    :return: the head of the log as the manifest says it; ``None`` where its format says none
    """
    place = Place(str(file))
    try:
        # Read to the very end, where gzip keeps the check of the whole.
        with gzip.open(file) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            wanted, head = _manifest(archive, place)
            issues = [*_members(archive, folder, wanted, place)]
            more = False
            while rest := stream.read(_BLOCK):
                more = more or bool(rest.strip(b"\0"))  # tar fills its last block up
            if more:
                behind = Marked(gettext_noop("more behind its end"))
                issues.append(Issue(BackupCode.BACKUP_006, place, {"name": behind}))
    except Refused:
        raise
    except Exception as error:
        # gzip, zlib and tarfile let errors of ever other kinds through; an archive that breaks
        # them is refused like any other, whatever it breaks.
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        facts = {"why": why.rstrip(".")}
        raise Refused([Issue(BackupCode.BACKUP_002, place, facts)]) from error
    if issues:
        raise Refused(issues)
    return head


def _manifest(
    archive: tarfile.TarFile, place: Place
) -> tuple[dict[str, str], tuple[int, str] | None]:
    """Read the first file of an archive: which others there are, and the head of the log."""
    first = archive.next()
    try:
        if first is None or first.name != MANIFEST or first.size > _LARGEST_MANIFEST:
            raise ValueError(MANIFEST)
        manifest = json.loads(_opened(archive, first).read())
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
        if manifest["format"] not in (1, FORMAT) or not _is_whole(files):
            raise ValueError(MANIFEST)
        head = manifest["audit"]
        told = (int(head["count"]), str(head["digest"])) if manifest["format"] == FORMAT else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused([Issue(BackupCode.BACKUP_003, place)]) from error
    return files, told


def _is_whole(files: dict[str, str]) -> bool:
    """Say whether a manifest names what an instance is made of and nothing else."""
    databases = {DATABASE, DUMP} & files.keys()
    others = files.keys() - databases - {MARK}
    named = all(EVIDENCE.fullmatch(name) or _KEY.fullmatch(name) for name in others)
    return MARK in files and len(databases) == 1 and named


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """Open a plain file; links, devices and files with holes are none."""
    opened = archive.extractfile(member) if member.isreg() and not member.issparse() else None
    if opened is None:
        raise ValueError(member.name)
    return opened


def _members(
    archive: tarfile.TarFile, folder: Path, wanted: dict[str, str], place: Place
) -> Iterator[Issue]:
    """Write the files that the manifest names, and tell of each that is not as it says."""
    missing = set(wanted)
    while (member := archive.next()) is not None:
        archive.members = []  # type: ignore[attr-defined]  # else it keeps a million of them
        name = member.name
        if name not in missing:
            yield Issue(BackupCode.BACKUP_006, place, {"name": name})
            continue
        missing.remove(name)
        if _written(archive, member, folder / name) != wanted[name]:
            yield Issue(BackupCode.BACKUP_004, place, {"name": name})
    for name in sorted(missing):
        yield Issue(BackupCode.BACKUP_005, place, {"name": name})


def _written(archive: tarfile.TarFile, member: tarfile.TarInfo, file: Path) -> str:
    """Write a file of the archive and give its digest; '' for what is no plain file."""
    if not member.isreg() or member.issparse():
        return ""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with _opened(archive, member) as source, file.open("xb") as out:
        while block := source.read(_BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


# --- what is in it ----------------------------------------------------------------------------


def _keys_restore(home: Home, folder: Path, made: _Made, damaged: bool) -> None:
    """Write keys that the archive holds and this machine lacks; see that all are there.

    :param damaged: the key of evidence may be missing
    """
    issues: list[Issue] = []
    for name in KEYS:
        there, packed = home.key_file(name), folder / "keys" / f"{name}.key"
        try:
            if not packed.is_file():
                key_read(there)
            elif not there.is_file():
                key = key_read(packed)
                key_write(home, name, key)
                made.keys.append(there)
            elif key_read(there) != key_read(packed):
                issues.append(Issue(BackupCode.BACKUP_007, Place(str(there)), {"name": name}))
        except Refused as refused:
            if not (damaged and name == "evidence"):
                issues.extend(refused.issues)
    if issues:
        raise Refused(issues)


def _prove(home: Home, head: tuple[int, str] | None, damaged: bool, now: datetime) -> Restored:
    """Open the restored instance, bring its tables up to date and verify it whole."""
    from taizhang.web.instance.open import point_at

    point_at(home_read(home.path))
    try:
        verified, issues = _verified(home, head, now)
    except (Refused, OSError):
        raise
    except Exception as error:
        # What another hand wrote into the database breaks Django in ever other ways.
        why = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise Refused([Issue(StoreCode.STORE_004, facts={"why": why})]) from error
    told = verified.closed if damaged else ()
    issues += [
        replace(issue, level=Level.WARNING) if issue in told else issue for issue in verified.issues
    ]
    if errors(issues):
        raise Refused(issues)
    return Restored(home, verified.opened, tuple(issues))


def _verified(
    home: Home, head: tuple[int, str] | None, now: datetime
) -> tuple[Verified, list[Issue]]:
    from taizhang.web.audit import verify as log
    from taizhang.web.instance.open import tables_differ, tables_update

    _, unknown = tables_differ()
    if unknown:
        facts = {"unknown": ", ".join(sorted(unknown))}
        raise Refused([Issue(HomeCode.INSTANCE_011, Place(str(home.path)), facts)])
    issues = _head_compare(log.head(), head)
    tables_update(now)  # of an older version; what is verified is read as this one reads it
    return log.verify(), issues


def _head_compare(head: Outside, wanted: tuple[int, str] | None) -> list[Issue]:
    if wanted is None or (head.count, head.digest) == wanted:
        return []
    facts = {"wanted": wanted[0], "found": head.count}
    return [Issue(BackupCode.BACKUP_009, Place(MANIFEST), facts)]
