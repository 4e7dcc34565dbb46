"""The template tag of ways: ``{% way "figure" %}`` writes an address, '' where none is offered."""

from __future__ import annotations

from django import template

from taizhang.web.base.ways import way

register = template.Library()
register.simple_tag(way)
