"""Attached pictures: drawn anew without EXIF, XMP or location, kept encrypted.

A file lies in the media folder under the digest of its content, sealed with AES-GCM; the key lies
outside the instance folder, as the key of the audit log does.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePath
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.web.ledger.code import EvidenceCode

MOST_BYTES = 15_000_000
MOST_PIXELS = 60_000_000
#: Format as Pillow names it → media type, ending, modes it keeps, options.
KINDS: dict[str, tuple[str, str, tuple[str, ...], dict[str, object]]] = {
    "JPEG": ("image/jpeg", "jpg", ("RGB", "L"), {"quality": 88, "optimize": True}),
    "PNG": ("image/png", "png", ("RGB", "RGBA", "L"), {"optimize": True}),
    "WEBP": ("image/webp", "webp", ("RGB", "RGBA"), {"quality": 88}),
}
_NONCE = 12
#: A small file may hold 60 million pixels, half a gigabyte while they are drawn anew: four at once
#: would fill the memory of a small machine.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture made ready to be kept."""

    name: str
    media_type: str
    content: bytes
    digest: str  # sha256 of the content


def evidence_clean(name: str, content: bytes) -> Clean:
    """Draw a picture anew, upright, with nothing but its pixels.

    :raises Refused: EVIDENCE_001 to 003, or 009 when it could not be kept
    """
    _key()  # a record is accepted after its pictures were found good: here it is not too late
    name = PurePath(name.replace("\\", "/")).name
    if len(content) > MOST_BYTES:
        facts = {"name": name, "size": len(content), "most": MOST_BYTES}
        raise Refused([Issue(EvidenceCode.EVIDENCE_002, facts=facts)])
    try:
        with _ONE_AT_A_TIME:
            kind, drawn = _draw(content)
    except UnidentifiedImageError as error:
        raise Refused([Issue(EvidenceCode.EVIDENCE_001, facts={"name": name})]) from error
    except Exception as error:
        # Pillow lets the errors of its decoders through, of ever other kinds: a broken picture
        # is refused like any other, whatever it breaks.
        facts = {"name": name, "why": str(error)}
        raise Refused([Issue(EvidenceCode.EVIDENCE_003, facts=facts)]) from error
    media_type, ending, _, _ = KINDS[kind]
    stem = PurePath(name).stem[:150] or "photo"
    digest = hashlib.sha256(drawn).hexdigest()
    return Clean(f"{stem}.{ending}", media_type, drawn, digest)


def _draw(content: bytes) -> tuple[str, bytes]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(content), formats=tuple(KINDS))
    kind = image.format or ""
    if image.width * image.height > MOST_PIXELS:
        raise ValueError(f"{image.width} × {image.height}")
    _, _, modes, options = KINDS[kind]
    upright = ImageOps.exif_transpose(image)
    pixels = upright if upright.mode in modes else upright.convert(modes[0])
    # A picture of its own: whatever the file carried besides pixels stays behind.
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    bare.save(out, kind, **options)
    return kind, out.getvalue()


def evidence_write(clean: Clean) -> Path:
    """Seal a picture and keep it under its digest; a power cut leaves it whole or not there.

    What lies there already is left, unless it does not open.
    """
    path = evidence_path(clean.digest)
    if path.exists() and _opens(clean.digest):
        return path
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key()).encrypt(nonce, clean.content, clean.digest.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with draft.open("wb") as out:
        out.write(nonce + sealed)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    for folder in (path.parent, path.parent.parent):  # a name is safe once its folder is
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
    return path


def _opens(digest: str) -> bool:
    try:
        evidence_read(digest)
    except Refused:
        return False
    return True


def evidence_read(digest: str) -> bytes:
    """Give the content of a kept file.

    :raises Refused: EVIDENCE_004 when it is gone or not as it was kept, 009 without the key
    """
    path = evidence_path(digest)
    key = _key()
    try:
        sealed = path.read_bytes()
        content = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], digest.encode())
        # The seal says that we wrote it; that it is what the row names, its digest alone.
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(digest)
    except (OSError, InvalidTag, ValueError) as error:
        facts = {"digest": digest}
        raise Refused([Issue(EvidenceCode.EVIDENCE_004, Place(str(path)), facts)]) from error
    return content


def evidence_path(digest: str) -> Path:
    """Give the file that keeps the picture of that digest."""
    return Path(settings.MEDIA_ROOT) / "evidence" / digest[:2] / digest


def _key() -> bytes:
    """Give the key of pictures.

    :raises Refused: EVIDENCE_009, which tells a person with a telephone nothing of the server
    """
    try:
        key: bytes = settings.TAIZHANG_INSTANCE.key("evidence")
    except Refused as error:
        raise Refused([Issue(EvidenceCode.EVIDENCE_009)]) from error
    return key
