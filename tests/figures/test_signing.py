"""A signed export is read as it was sent, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from taizhang.core.base.issue import Refused
from taizhang.figures.parcel.code import SendingCode
from taizhang.figures.parcel.export import Partition
from taizhang.figures.parcel.signature import key_make, key_read, sign, verify

HERE, THERE = "360602000000", "360603000000"
NOW = datetime(2026, 1, 10, 2, tzinfo=UTC)
FACTS = "facts/year=2025/district={}/facts0.parquet"
CLOSURE = "closure/district={}/closure0.parquet"


class Sending:
    """A folder with exports of two districts, and the keys that the level above keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keys, self.secret = folder / "sent", folder / "keys", folder / "secret"
        self.keys.mkdir()
        self.secret.mkdir()
        for district in (HERE, THERE):
            private = self.secret / f"{district}.key"
            key_make(private, self.keys / f"{district}.pem")
            self.written(district, FACTS.format(district), CLOSURE.format(district))

    def written(self, district: str, *paths: str, by: str = "") -> None:
        """Write files and have a district sign them, with its own key or that of another."""
        for path in paths:
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(path, encoding="utf-8")
        key = key_read(self.secret / f"{by or district}.key")
        listed = [Partition(path, 3, digest(path)) for path in paths]
        sign(self.folder, listed, district=district, made_at=NOW, key=key)

    def refused(self) -> list[SendingCode]:
        with pytest.raises(Refused) as caught:
            verify(self.folder, self.keys)
        return [issue.code for issue in caught.value.issues]  # type: ignore[misc]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def sending(tmp_path: Path) -> Sending:
    return Sending(tmp_path)


def test_what_two_districts_sent_is_confirmed(sending: Sending) -> None:
    here, there = verify(sending.folder, sending.keys)
    assert (here.district, there.district) == (HERE, THERE)
    assert here.made_at == "2026-01-10T02:00:00Z"
    assert [one.path for one in here.partitions] == [FACTS.format(HERE), CLOSURE.format(HERE)]
    assert here.rows == 3


def test_a_private_key_is_its_owners_and_never_written_over(sending: Sending) -> None:
    private = sending.secret / f"{HERE}.key"
    assert private.stat().st_mode & 0o777 == 0o600
    before = private.read_bytes()
    with pytest.raises(Refused) as caught:
        key_make(private, sending.keys / f"{HERE}.pem")
    assert [issue.code for issue in caught.value.issues] == [SendingCode.SENDING_002] * 2
    assert private.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_what_is_no_key_is_refused(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as caught:
        key_read(file)
    assert [issue.code for issue in caught.value.issues] == [SendingCode.SENDING_001]


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    other = generate_private_key(SECP256R1())
    file.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Refused) as caught:
        key_read(file)
    assert [issue.code for issue in caught.value.issues] == [SendingCode.SENDING_001]


def test_an_unsigned_folder_is_refused(sending: Sending, tmp_path: Path) -> None:
    shutil.rmtree(sending.folder / "manifests")
    assert sending.refused() == [SendingCode.SENDING_003]
    sending.folder = tmp_path / "absent"
    assert sending.refused() == [SendingCode.SENDING_003]


def test_a_district_without_a_known_key_is_refused(sending: Sending) -> None:
    (sending.keys / f"{THERE}.pem").unlink()
    assert sending.refused() == [SendingCode.SENDING_005]


def test_the_signature_of_another_district_is_refused(sending: Sending) -> None:
    sending.written(HERE, FACTS.format(HERE), CLOSURE.format(HERE), by=THERE)
    assert sending.refused() == [SendingCode.SENDING_006]


@pytest.mark.parametrize("change", ["changed", "shortened", "unsigned"])
def test_a_list_that_was_touched_is_refused(change: str, sending: Sending) -> None:
    file = sending.folder / "manifests" / f"{HERE}.json"
    if change == "changed":
        file.write_bytes(file.read_bytes().replace(b'"rows": 3', b'"rows": 4'))
    elif change == "shortened":
        said = json.loads(file.read_bytes())
        said["partitions"].pop()
        file.write_text(json.dumps(said), encoding="utf-8")
    else:
        file.with_suffix(".sig").unlink()
    assert sending.refused() == [SendingCode.SENDING_006]


def test_the_list_of_one_district_under_the_name_of_another_is_refused(sending: Sending) -> None:
    """Its key confirms it under any name; who is meant must stand inside."""
    manifests = sending.folder / "manifests"
    for end in ("json", "sig"):
        shutil.copy(manifests / f"{HERE}.{end}", manifests / f"{THERE}.{end}")
    shutil.copy(sending.keys / f"{HERE}.pem", sending.keys / f"{THERE}.pem")
    assert sending.refused() == [SendingCode.SENDING_004]


@pytest.mark.parametrize(
    "path", [FACTS.format(THERE), "../elsewhere.parquet", f"facts/{HERE}.parquet"]
)
def test_a_district_speaks_for_its_own_partitions_alone(path: str, sending: Sending) -> None:
    sending.written(HERE, CLOSURE.format(HERE), path)
    assert sending.refused() == [SendingCode.SENDING_007]


def test_a_lost_and_a_changed_file_are_named_together(sending: Sending) -> None:
    (sending.folder / FACTS.format(HERE)).unlink()
    (sending.folder / CLOSURE.format(THERE)).write_text("other", encoding="utf-8")
    assert sending.refused() == [SendingCode.SENDING_008, SendingCode.SENDING_009]


def test_a_file_that_nobody_signed_is_refused(sending: Sending) -> None:
    (sending.folder / "facts/year=2025/extra.parquet").touch()
    assert sending.refused() == [SendingCode.SENDING_010]
