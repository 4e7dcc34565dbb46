"""The one write of evidence: a picture attached to a record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, seal, write_lock
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger.access import record_to_attach
from taizhang.web.ledger.models import Evidence
from taizhang.web.ledger.record.evidence import evidence_clean, evidence_write
from taizhang.web.ledger.sealed_text import evidence_text


def evidence_attach(
    *, uid: str, name: str, content: bytes, acting_user: User, now: datetime
) -> Evidence:
    """Attach a file to a record: pictures are drawn anew without EXIF, XMP or location.

    The same picture once more changes nothing.

    :raises Refused: RECORD_022 (absent and forbidden look alike), EVIDENCE_001 to 003
    """
    record = record_to_attach(acting_user, uid, now)
    clean = evidence_clean(name, content)
    with transaction.atomic():
        write_lock()
        attached = Evidence.objects.filter(record=record, digest=clean.digest).first()
        if attached is not None:
            return attached
        evidence_write(clean)
        evidence = Evidence(
            record=record,
            digest=clean.digest,
            name=clean.name,
            media_type=clean.media_type,
            size=len(clean.content),
            attached_at=now,
            attached_by=acting_user,
        )
        sealed = seal(evidence_text(uid, clean.digest, clean.name, clean.media_type))
        evidence.seal = sealed.hex()[:SEAL]
        evidence.logged = audit_append(
            actor=acting_user,
            action="record.attach",
            objects=[uid, clean.digest],
            seals=[sealed],
            now=now,
        )
        evidence.save(force_insert=True)
    return evidence
