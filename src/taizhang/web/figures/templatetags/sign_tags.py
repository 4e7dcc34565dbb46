"""Signs of units behind a number: % and ‰ close to it, 次 and 人 after a blank."""

from django import template

from taizhang.core.text.unit_sign import WHOLE, unit_sign

register = template.Library()

register.filter("sign", unit_sign)


@register.filter
def is_share(unit: str) -> bool:
    """Whether the sign of a unit stands close behind its number."""
    return unit in WHOLE
