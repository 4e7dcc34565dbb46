"""The walk that every written form shares."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from taizhang.documents.render.base import DocumentWriter
from taizhang.documents.render.html import to_html
from taizhang.documents.render.text import to_text
from taizhang.documents.tree import Document, Head, Paragraph, Strong, Text


@dataclass(frozen=True)
class _Drawing:
    """A kind of block and inline that no renderer has heard of."""

    text: str = "图"


def _document(*blocks: object) -> Document:
    return Document(head=Head(title=(Text("题"),)), blocks=cast("tuple[Any, ...]", blocks))


@pytest.mark.parametrize(
    "block",
    [
        _Drawing(),
        Paragraph((cast("Any", _Drawing()),)),
        Paragraph((Strong((cast("Any", _Drawing()),)),)),
    ],
)
@pytest.mark.parametrize("write", [to_html, to_text])
def test_a_node_that_nobody_knows_is_never_left_out(write: Any, block: object) -> None:
    with pytest.raises(AssertionError):
        write(_document(Paragraph((Text("甲"),)), block))


def test_a_renderer_that_lacks_a_node_cannot_be_made() -> None:
    class Half(DocumentWriter):
        """Writes words and nothing else."""

        def words(self, text: str) -> str:
            return text

    with pytest.raises(TypeError, match="abstract"):
        Half(_document())  # type: ignore[abstract]
