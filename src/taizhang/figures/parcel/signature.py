"""Parcel signature: keys, the signed list of a district's files, and what is wrong with one.

Beside the partitions of :func:`taizhang.figures.parcel.export.export` lies ``manifests/D.json``,
which names each file of district D with its rows and its SHA-256, and ``manifests/D.sig``, its
Ed25519 signature (RFC 8032).  The level above keeps one public key a district, ``D.pem``, that came
by another way than the files.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.figures.parcel.code import SendingCode
from taizhang.figures.parcel.export import Partition

MANIFESTS = "manifests"
FORMAT = 1
#: Where files of a district may lie; nothing else is ever read for it.
_PLACE = re.compile(r"(?:facts/year=\d{4}/|closure/)district=(?P<district>\d{12})/[\w-]+\.parquet")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one district signed."""

    district: str
    made_at: str  # UTC, as 2026-01-10T02:00:00Z
    partitions: tuple[Partition, ...]

    @property
    def rows(self) -> int:
        """How many facts it sent; the rows of its closure are not among them."""
        return sum(
            partition.rows for partition in self.partitions if partition.path.startswith("facts/")
        )


def key_make(private: Path, public: Path) -> None:
    """Make a pair of keys: the private one readable by its owner alone.

    :raises Refused: if one of the files is there already
    """
    taken = [file for file in (private, public) if file.exists()]
    if taken:
        raise Refused([Issue(SendingCode.SENDING_002, Place(file=str(file))) for file in taken])
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secret)
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(shown)


def key_read(file: Path) -> Ed25519PrivateKey:
    """Read a private key.

    :raises Refused: if the file cannot be read or holds none
    """
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(file, str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable(file, "no Ed25519 key")
    return key


def sign(
    folder: Path,
    partitions: Sequence[Partition],
    *,
    district: str,
    made_at: datetime,
    key: Ed25519PrivateKey,
) -> Manifest:
    """Write the list of a district's files and sign it with its private key."""
    moment = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = Manifest(district, moment, tuple(partitions))
    content = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
    place = folder / MANIFESTS
    place.mkdir(exist_ok=True)
    (place / f"{district}.json").write_bytes(content)
    (place / f"{district}.sig").write_bytes(key.sign(content))
    return manifest


def verify(folder: Path, keys: Path) -> tuple[Manifest, ...]:
    """Check the export of each district in ``folder`` and give what they signed, by code.

    All Parquet files of the folder must be named by a list that the key ``keys/D.pem`` confirms,
    unchanged, each inside its own district's partitions.

    :raises Refused: with all that is wrong; nothing of the folder may then be read
    """
    issues: list[Issue] = []
    manifests: list[Manifest] = []
    for file in sorted((folder / MANIFESTS).glob("*.json")):
        manifest = _manifest(file, keys, issues)
        if manifest is not None:
            manifests.append(manifest)
            issues += _changed(folder, manifest)
    if not manifests and not issues:
        issues.append(Issue(SendingCode.SENDING_003, Place(file=str(folder))))
    if not issues:
        # With a list refused, its files would all be named a second time.
        issues += _unsigned(folder, manifests)
    if issues:
        raise Refused(issues)
    return tuple(manifests)


def _manifest(file: Path, keys: Path, issues: list[Issue]) -> Manifest | None:
    """Read a list whose signature fits; add what is wrong to ``issues``."""
    district, place = file.stem, Place(file=str(file))
    public = keys / f"{district}.pem"
    facts: dict[str, object] = {"district": district}
    if not public.is_file():
        issues.append(Issue(SendingCode.SENDING_005, place, {**facts, "file": str(public)}))
        return None
    try:
        content, signature = file.read_bytes(), file.with_suffix(".sig").read_bytes()
        _public(public).verify(signature, content)
        return _read(json.loads(content), district)
    except (InvalidSignature, FileNotFoundError):
        issues.append(Issue(SendingCode.SENDING_006, place, facts))
    except (ValueError, KeyError, TypeError) as error:
        issues.append(Issue(SendingCode.SENDING_004, place, {**facts, "why": str(error)}))
    return None


def _read(listing: dict[str, object], district: str) -> Manifest:
    if listing["format"] != FORMAT:
        raise ValueError(f"format {listing['format']}")
    if listing["district"] != district:
        raise ValueError(f"district {listing['district']}")
    listed = listing["partitions"]
    if not isinstance(listed, list):
        raise TypeError("partitions")
    partitions = tuple(
        Partition(str(partition["path"]), int(partition["rows"]), str(partition["digest"]))
        for partition in listed
    )
    return Manifest(district, str(listing["made_at"]), partitions)


def _changed(folder: Path, manifest: Manifest) -> Iterator[Issue]:
    """Find files of a list that are elsewhere, missing or not what was signed."""
    facts: dict[str, object] = {"district": manifest.district}
    for partition in manifest.partitions:
        file = folder / partition.path
        place = Place(file=str(file))
        own = _PLACE.fullmatch(partition.path)
        if own is None or own["district"] != manifest.district:
            yield Issue(SendingCode.SENDING_007, place, {**facts, "path": partition.path})
        elif not file.is_file():
            yield Issue(SendingCode.SENDING_008, place, facts)
        elif _digest(file) != partition.digest:
            yield Issue(SendingCode.SENDING_009, place, facts)


def _unsigned(folder: Path, manifests: Iterable[Manifest]) -> Iterator[Issue]:
    signed = {partition.path for manifest in manifests for partition in manifest.partitions}
    for file in sorted(folder.rglob("*.parquet")):
        if file.relative_to(folder).as_posix() not in signed:
            yield Issue(SendingCode.SENDING_010, Place(file=str(file)))


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _public(file: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(file.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{file.name}: no Ed25519 key")
    return key


def _unreadable(file: Path, why: str) -> Refused:
    return Refused([Issue(SendingCode.SENDING_001, Place(file=str(file)), {"why": why})])
