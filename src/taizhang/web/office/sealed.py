"""Old texts sealed with AES-GCM under a key that lies outside the instance folder."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from taizhang.core.issue import Issue, Refused
from taizhang.web.office.code import OfficeCode

_NONCE = 12


def seal(content: bytes, digest: str) -> bytes:
    """Seal a text; its digest is bound to it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, content, digest.encode())


def unseal(sealed: bytes, digest: str) -> bytes:
    """Open a sealed text.

    :raises Refused: OFFICE_011
    """
    try:
        return AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], digest.encode())
    except (InvalidTag, ValueError) as error:
        raise Refused([Issue(OfficeCode.OFFICE_011)]) from error


def _key() -> bytes:
    """Derive the key of old texts from that of evidence, so that neither opens the other's."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"taizhang old texts")
    return derived.derive(settings.TAIZHANG_INSTANCE.key("evidence"))
