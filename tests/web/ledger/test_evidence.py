"""Attached pictures lose all but their pixels, lie sealed on the disk and never count."""

import io
import random
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image

from taizhang.core.base.issue import Refused
from taizhang.web.instance.paths import Home
from taizhang.web.ledger.code import EvidenceCode, RecordCode
from tests.web.ledger.furnish import FIRST, NOW, SECOND, codes, furnish, lecture

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """Make a picture as a phone writes it: turned, with maker, place and XMP."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKER] = "PhoneMaker"
    exif[ORIENTATION] = 6  # to be turned a quarter to the right
    exif.get_ifd(GPS).update({1: "N", 2: (28.0, 14.0, 30.5), 3: "E", 4: (117.0, 4.0, 8.25)})
    out = io.BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>Yuehu</place></x:xmpmeta>'
    more: dict[str, Any] = {} if kind == "PNG" else {"xmp": xmp}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def attach(content: bytes, user: Any, name: str = "photo.jpg", uid: str = "a") -> Any:
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    return evidence_attach(uid=uid, name=name, content=content, acting_user=user, now=NOW)


@pytest.fixture
def recorder(instance: Home) -> Any:
    """This fixture will give the owner of an instance that holds one record, `a`."""
    from taizhang.web.ledger.accept.actions import record_accept

    owner = furnish()
    record_accept(record=lecture(id="a"), acting_user=owner, now=NOW)
    return owner


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_place_no_maker_is_kept(recorder: Any, kind: str) -> None:
    from taizhang.web.ledger.record.evidence import evidence_read

    taken = photo(kind)
    with Image.open(io.BytesIO(taken)) as before:
        assert before.getexif().get_ifd(GPS)[1] == "N"
    kept = evidence_read(attach(taken, recorder).digest)
    for trace in (b"PhoneMaker", b"xmpmeta", b"Exif", b"eXIf", b"EXIF", b"Yuehu"):
        assert trace not in kept
    with Image.open(io.BytesIO(kept)) as after:
        after.load()
        assert dict(after.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(after.info)
        assert (after.format, after.size) == (kind, (30, 40))  # turned upright
        top, bottom = after.convert("RGB").getpixel((15, 5)), after.getpixel((15, 35))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[2] > 150 > top[0]
        assert bottom[0] > 150 > bottom[2]


def test_file_on_the_disk_is_sealed(recorder: Any, instance: Home) -> None:
    from taizhang.web.ledger.record.evidence import evidence_read

    evidence = attach(photo(), recorder)
    (path,) = (path for path in (instance.path / "media").rglob("*") if path.is_file())
    sealed = path.read_bytes()
    assert path.name == evidence.digest
    assert b"JFIF" not in sealed
    assert not list(instance.path.rglob("*.key"))
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert codes(lambda: evidence_read(evidence.digest)) == [EvidenceCode.EVIDENCE_004]
    path.unlink()
    assert codes(lambda: evidence_read(evidence.digest)) == [EvidenceCode.EVIDENCE_004]


def test_same_picture_again_changes_nothing_and_none_counts(recorder: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.models import Cube, Evidence, Fact

    before = (Fact.objects.count(), Cube.objects.count())
    first = attach(photo(), recorder, name="C:\\photos\\IMG_1.HEIC.jpg")
    rows = Entry.objects.count()
    assert attach(photo(), recorder).pk == first.pk
    assert (first.name, first.media_type) == ("IMG_1.HEIC.jpg", "image/jpeg")
    assert Evidence.objects.count() == 1
    assert Entry.objects.count() == rows
    assert (Fact.objects.count(), Cube.objects.count()) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", EvidenceCode.EVIDENCE_001),
        (b"", EvidenceCode.EVIDENCE_001),
        (b"GIF89a" + bytes(100), EvidenceCode.EVIDENCE_001),
        (b"\xff" * 15_000_001, EvidenceCode.EVIDENCE_002),
        (photo()[:300], EvidenceCode.EVIDENCE_003),
    ],
    ids=["pdf", "empty", "gif", "large", "cut"],
)
def test_other_files_are_refused(recorder: Any, content: bytes, code: EvidenceCode) -> None:
    from taizhang.web.ledger.models import Evidence

    assert codes(lambda: attach(content, recorder)) == [code]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("size", [(30_000, 20_000), (10_000, 10_000)], ids=["error", "warning"])
def test_picture_that_would_fill_the_memory_is_refused(
    recorder: Any, size: tuple[int, int]
) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(Refused, match="EVIDENCE_003"):
        attach(out.getvalue(), recorder)


def test_a_broken_picture_is_refused_whatever_it_breaks(recorder: Any) -> None:
    """Pillow raises kinds of its own for each: TypeError, struct.error, IndexError ..."""
    from taizhang.web.ledger.record.evidence import evidence_clean

    chance = random.Random(7)  # noqa: S311 - the same pictures each time
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = photo(kind)
        for _ in range(600):
            broken = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                broken[chance.randrange(min(len(broken), 600))] = chance.randrange(256)
            with suppress(Refused):
                evidence_clean("x", bytes(broken))


def test_only_who_records_there_attaches(recorder: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    common: dict[str, Any] = {"name": "", "acting_user": recorder, "now": NOW}
    viewer = user_add(username="li", role=Role.VIEWER, unit=FIRST, **common)
    stranger = user_add(username="wu", role=Role.RECORDER, unit=SECOND, **common)
    for user in (viewer, stranger):
        assert codes(lambda user=user: attach(photo(), user)) == [RecordCode.RECORD_022]
    assert codes(lambda: attach(photo(), recorder, uid="none")) == [RecordCode.RECORD_022]
