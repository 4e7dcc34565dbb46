"""The mask over secrets in what the server prints: addresses of programs hold them."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:key|calendar)/)[^/\s?\"']+")


def secrets_masked(text: str) -> str:
    """Give a text with the secrets of addresses taken out."""
    return _SECRET.sub(r"\1***", text)


class SecretFilter(logging.Filter):
    """Masks the secrets in what a logger writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message; every record passes."""
        message = record.getMessage()
        if (shown := secrets_masked(message)) != message:
            record.msg, record.args = shown, ()
        return True


def loggers_mask() -> None:
    """Have the loggers that name addresses mask them."""
    for name in ("django.request", "django.server"):
        logger = logging.getLogger(name)
        if not any(isinstance(mask, SecretFilter) for mask in logger.filters):
            logger.addFilter(SecretFilter())
