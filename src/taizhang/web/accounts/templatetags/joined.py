"""The tag ``joined``: parts of a line that a template breaks and a page does not."""

import re

from django import template
from django.template.base import Parser, TextNode, Token

register = template.Library()

#: Where a template breaks a line, with the indent of the next.
_BREAK = re.compile(r"\s*\n\s*")


class JoinedNode(template.Node):
    """What stands between the tags, without the line breaks that were written there."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        """Print the parts one behind the other."""
        return self.nodelist.render(context)


@register.tag
def joined(parser: Parser, _token: Token) -> JoinedNode:
    """Leave out the line breaks of the template; a blank that a person reads is ``{{ " " }}``.

    Browsers show a line break as a blank, so that punctuation, units and neighbouring tags would
    stand apart.  Only the template's own text is joined, when it is read; values keep their lines.
    """
    nodelist = parser.parse(("endjoined",))
    parser.delete_first_token()
    is_in_tag = False
    for text in nodelist.get_nodes_by_type(TextNode):
        if isinstance(text, TextNode):
            text.s, is_in_tag = _without_breaks(text.s, is_in_tag)
    return JoinedNode(nodelist)


def _without_breaks(text: str, is_in_tag: bool) -> tuple[str, bool]:
    """Leave out the breaks of a text; those inside a tag, between attributes, become a blank."""
    parts = re.split("([<>])", text)
    for at, part in enumerate(parts):
        if part in ("<", ">"):
            is_in_tag = part == "<"
        else:
            parts[at] = _BREAK.sub(" " if is_in_tag else "", part)
    return "".join(parts), is_in_tag
