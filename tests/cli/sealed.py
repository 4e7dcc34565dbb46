"""An instance with what lies sealed: a picture beside a record, and an old text."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import FIRST, NOW, furnish, lecture

OLD_TEXT = "一社区2024年健康教育工作总结\n全年举办健康知识讲座12场，发放宣传资料近3000份。\n"


def drawn(color: str = "red") -> bytes:
    """Give a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "PNG")
    return out.getvalue()


def sealed_things() -> Any:
    """Furnish the instance at work and have it keep a picture and an old text; give its owner."""
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.record.evidence_actions import evidence_attach
    from taizhang.web.office.review_actions import review_begin

    owner = furnish()
    by = {"acting_user": owner, "now": NOW}
    record_accept(record=lecture(id="a"), **by)
    evidence_attach(uid="a", name="p.png", content=drawn(), **by)
    review_begin(unit=FIRST, name="2024.txt", content=OLD_TEXT.encode(), **by)
    return owner


def picture(home: Home) -> Path:
    """Give the one picture of an instance, as its name in the folder."""
    (evidence,) = (file for file in (home.path / "media").rglob("*") if file.is_file())
    return evidence.relative_to(home.path)
