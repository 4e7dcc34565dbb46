"""Django's description of the app."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Doors for other programs; people come in by the pages of the other apps."""

    name = "taizhang.web.exchange"
    label = "exchange"
