"""Canonical JSON of answers and facts: the same text for the same value."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from taizhang.core.base.quantity import Quantity


def canonical(value: object) -> str:
    """Write a value as JSON, the same text for the same value."""
    return _ENCODER.encode(value)


def answers_read(text: str) -> dict[str, Any]:
    """Read stored answers; facts are always counted from these, so that a rebuild agrees."""
    answers: dict[str, Any] = json.loads(text)
    return answers


def _plain(value: object) -> object:
    if isinstance(value, Quantity):
        bounds = {"low": value.low, "high": value.high}
        return {"kind": value.kind.name.lower(), **bounds}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is no answer")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
)
