"""The messages about what the recording page sends, besides those about forms and records."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class PhoneCode(Code):
    """What can be wrong with the way in which the recording page sends."""

    PHONE_001 = (
        gettext_noop("The form and its photos have more than %(most)s MB together."),
        gettext_noop("Take photos out; they are optional."),
    )
    PHONE_002 = (
        gettext_noop(
            "The filled-in form did not arrive, or more than %(most)s files came with it."
        ),
        gettext_noop("Send it again from the sending list; take photos out if there are many."),
    )
