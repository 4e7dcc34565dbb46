"""Uploads that are looked at before they do anything: files of units, packs."""

from __future__ import annotations

import hashlib
import hmac
import io
import lzma
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import PurePosixPath

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import read
from taizhang.web.accounts.models import User
from taizhang.web.administration.code import HostCode
from taizhang.web.administration.models import Staged
from taizhang.web.audit.actions import seal
from taizhang.web.programmes.queries import source_read

#: What an upload may hold: bytes of the archive, bytes and number of its files.
LARGEST = 20 * 2**20
LARGEST_OPEN = 60 * 2**20
MOST_FILES = 1_000
_SEAL = 32  # bytes of the seal before the files
#: What a broken, encrypted or strange archive raises.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, OSError, EOFError, ValueError),
)


def upload_seal(kind: str, user: User, packed: bytes) -> bytes:
    """Give what nobody can write who has the database alone: what was looked at is what is used."""
    return seal(f"staged\n{kind}\n{user.pk}\n{hashlib.sha256(packed).hexdigest()}")


def upload_files(*, kind: str, number: int, acting_user: User) -> dict[str, bytes] | None:
    """Give the files that this person staged; absent, another's and changed are all ``None``."""
    upload = Staged.objects.filter(kind=kind, pk=number, asked_by=acting_user).first()
    if upload is None:
        return None
    sealed = bytes(upload.files)
    packed = sealed[_SEAL:]
    is_ours = hmac.compare_digest(sealed[:_SEAL], upload_seal(kind, acting_user, packed))
    return source_read(packed) if is_ours else None


def pack_files(name: str, data: bytes) -> dict[str, bytes]:
    """Give the files of a pack from an uploaded ZIP, of its folder or of what lies in it.

    :raises Refused: HOST_004 when it is no such archive, too large, or names files outside itself
    """
    if len(data) > LARGEST:
        raise _no_pack(name, f"{len(data)} > {LARGEST}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if (
                len(members) > MOST_FILES
                or sum(member.file_size for member in members) > LARGEST_OPEN
            ):
                raise _no_pack(name, f"{len(members)} files")
            files = {_inside(name, member.filename): archive.read(member) for member in members}
    except _BROKEN as error:
        raise _no_pack(name, str(error).rstrip(".")) from error
    return _without_top(files)


def _inside(name: str, member: str) -> str:
    """Give the member's name as a path inside the archive, and nowhere else."""
    path = PurePosixPath(member.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in member:
        raise _no_pack(name, member)
    return str(path)


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    """Leave away the one folder that holds all, and what systems add beside it."""
    kept = {
        name: data
        for name, data in files.items()
        if not any(part.startswith((".", "__")) for part in PurePosixPath(name).parts)
    }
    tops = {PurePosixPath(name).parts[0] for name in kept}
    if "pack.yaml" in kept or len(tops) != 1:
        return kept
    return {name.partition("/")[2]: data for name, data in kept.items() if "/" in name}


def _no_pack(name: str, why: str) -> Refused:
    return Refused([Issue(HostCode.HOST_004, Place(name), {"file": name, "why": why})])


def shipped_files(key: str) -> dict[str, bytes]:
    """Give the files of a pack that comes with the software.

    :raises Refused: HOST_004 when there is none of that key
    """
    if key not in _shipped_keys():
        raise _no_pack(key, "?")
    reading = read(shipped_folder() / key)
    if reading.pack is None:
        raise Refused(reading.issues)
    return dict(reading.pack.files)


@lru_cache(maxsize=1)
def shipped_packs() -> tuple[tuple[str, str], ...]:
    """Name the packs that come with the software: key and label; read once in a process.

    They stand in an order in which they can be installed: a pack after those that it uses.
    """
    shipped = (read(shipped_folder() / key, tests=False).pack for key in _shipped_keys())
    packs = sorted((pack for pack in shipped if pack is not None), key=lambda pack: len(pack.uses))
    return tuple((pack.key, pack.label) for pack in packs)


def _shipped_keys() -> list[str]:
    return sorted(file.parent.name for file in shipped_folder().glob("*/pack.yaml"))
