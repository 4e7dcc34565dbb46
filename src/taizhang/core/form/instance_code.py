"""The messages about filled-in forms as phones send them."""

from __future__ import annotations

from taizhang.core.issue import Code, Marked, gettext_noop

DTD = Marked(gettext_noop("document type with entities"))
INSTRUCTION = Marked(gettext_noop("processing instruction"))
CHARACTERS = Marked(gettext_noop("bytes"))
NODES = Marked(gettext_noop("elements"))
DEPTH = Marked(gettext_noop("elements inside each other"))
ATTRIBUTES = Marked(gettext_noop("attributes of one element"))


class InstanceCode(Code):
    """What can be wrong with a filled-in form that a phone sends."""

    SENT_001 = (
        gettext_noop("The filled-in form is not whole XML: %(why)s (column %(column)s)."),
        gettext_noop("Send it again; a bad line may have cut it off."),
    )
    SENT_002 = (
        gettext_noop("The filled-in form holds a %(what)s, which no form writes."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_003 = (
        gettext_noop("The filled-in form is too large: more than %(most)s %(what)s."),
        gettext_noop("Divide it over several records."),
    )
    SENT_004 = (
        gettext_noop("The filled-in form does not say which form it is."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_005 = (
        gettext_noop("There is no form '%(form)s' of version '%(version)s' here."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_006 = (
        gettext_noop("The filled-in form gives %(name)s %(count)s times; it must give it once."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_007 = (
        gettext_noop("The %(name)s '%(found)s' is no usable id."),
        gettext_noop("Send it from ODK Collect or the recording page, which give it a UUID."),
    )
    SENT_008 = (
        gettext_noop("The form %(form)s has no field '%(name)s' here."),
        gettext_noop("Fetch the forms anew and fill in the form again."),
    )
    SENT_009 = (
        gettext_noop("The field '%(name)s' stands twice."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_010 = (
        gettext_noop("The element '%(name)s' is of the foreign namespace '%(space)s'."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_011 = (
        gettext_noop("At '%(name)s' text and elements stand mixed."),
        gettext_noop("Send it from ODK Collect or the recording page, unchanged."),
    )
    SENT_012 = (
        gettext_noop("'%(name)s' names the file '%(found)s', which is no plain file name."),
        gettext_noop("Attach the picture anew."),
    )
