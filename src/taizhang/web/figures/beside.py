"""What rooms above write beside a figure, such as what old texts said: never counted in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from taizhang.core.base.figure import Figure
    from taizhang.web.figures.request_params import RequestParams

#: Writes a part of the page about a figure; '' where there is nothing to say.
Beside = Callable[["RequestParams", "Figure"], str]
_parts: list[Beside] = []


def beside_register(write: Beside) -> None:
    """Have a part written beside every figure."""
    _parts.append(write)


def beside(params: RequestParams, figure: Figure) -> SafeString:
    """Write all that stands beside a figure."""
    parts = [write(params, figure) for write in _parts]
    return mark_safe("".join(parts))  # noqa: S308 - each is a template's, which escapes
