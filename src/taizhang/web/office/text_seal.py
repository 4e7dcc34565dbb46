"""Old texts sealed with AES-GCM under a key that lies outside the instance folder."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import FilledForm, OutsideForm, Review

_NONCE = 12


def seal(content: bytes, digest: str) -> bytes:
    """Seal a text; its digest is bound to it.

    :raises Refused: OFFICE_011 when the key is missing
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, content, digest.encode())


def unseal(sealed: bytes, digest: str) -> bytes:
    """Open a sealed text.

    :raises Refused: OFFICE_011, also when the key is missing
    """
    key = _key()
    try:
        content = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], digest.encode())
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(digest)
    except (InvalidTag, ValueError) as error:
        raise Refused([Issue(OfficeCode.OFFICE_011)]) from error
    return content


def _key() -> bytes:
    """Derive the key of old texts from that of evidence, so that neither opens the other's."""
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"taizhang old texts")
    try:
        return derived.derive(settings.TAIZHANG_INSTANCE.key("evidence"))
    except Refused as error:  # where the server keeps its keys is for its keeper alone
        raise Refused([Issue(OfficeCode.OFFICE_011)]) from error


class SealedTexts:
    """All old texts and books of other offices, as the store held them at one moment; opened when
    the log is verified."""

    def __init__(self) -> None:
        self._rows = [
            (model, code, number)
            for model, code in _SEALED
            for number in model._default_manager.order_by("pk").values_list("pk", flat=True)
        ]
        self.total = len(self._rows)

    def issues(self, step: Callable[[], None]) -> Iterator[Issue]:
        """Open one after the other; one that was thrown away meanwhile is none any more."""
        if settings.TAIZHANG_INSTANCE.key_issues():
            return  # told by itself
        for model, code, number in self._rows:
            row = model._default_manager.filter(pk=number).first()
            try:
                if row is not None and row.digest:
                    unseal(bytes(row.content), row.digest)
            except Refused:
                facts = {"id": number, "unit": row.unit if row else ""}
                yield Issue(code, Place(model._meta.db_table), facts)
            step()


_SEALED: tuple[tuple[type[Review] | type[OutsideForm] | type[FilledForm], OfficeCode], ...] = (
    (Review, OfficeCode.OFFICE_014),
    (OutsideForm, OfficeCode.OFFICE_018),
    (FilledForm, OfficeCode.OFFICE_018),
)
