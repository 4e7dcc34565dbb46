"""What can be wrong with a template or a document."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class DocumentCode(Code):
    """Documents and their templates."""

    DOCUMENT_001 = (
        gettext_noop("The template cannot be read: %(reason)s."),
        gettext_noop("Mend the line; docs/packs/documents.md shows what a template may hold."),
    )
    DOCUMENT_002 = (
        gettext_noop("The template uses '%(name)s', which no template knows."),
        gettext_noop("Check the spelling against docs/packs/documents.md."),
    )
    DOCUMENT_003 = (
        gettext_noop(
            "The template asks for the figure '%(name)s', which cannot be answered: %(reason)s."
        ),
        gettext_noop("Name a measure or an indicator of this pack or of a pack that it uses."),
    )
    DOCUMENT_004 = (
        gettext_noop("The text holds the typed number '%(digits)s' in '%(text)s'."),
        gettext_noop("Print it with fig(), date() or law(), or leave it to a person with blank()."),
    )
    DOCUMENT_005 = (
        gettext_noop("The wording depends on a figure that may be unknown: %(name)s."),
        gettext_noop("Ask has() first, or use word() or cmp(), which leave a blank then."),
    )
    DOCUMENT_006 = (
        gettext_noop(
            "The text has %(length)s characters, %(over)s more than the %(limit)s allowed."
        ),
        gettext_noop("Shorten it; tables and annexes do not count."),
    )
    DOCUMENT_007 = (
        gettext_noop("The head of the template has '%(key)s: %(value)s', which is not understood."),
        gettext_noop("Use one of: %(allowed)s."),
    )
    DOCUMENT_008 = (
        gettext_noop("The template is written for a %(wanted)s; %(period)s is none."),
        gettext_noop("Choose such a period, or another template."),
    )
    DOCUMENT_009 = (
        gettext_noop("A table has %(columns)s columns, which do not fit the width of the page."),
        gettext_noop("Split it or shorten its cells."),
    )
    DOCUMENT_010 = (
        gettext_noop("%(function)s() cannot be used so: %(reason)s."),
        gettext_noop("See docs/packs/documents.md for its arguments."),
    )
    DOCUMENT_011 = (
        gettext_noop("No installed pack has the template '%(name)s'."),
        gettext_noop("Choose one of: %(allowed)s."),
    )
    DOCUMENT_012 = (
        gettext_noop("No document can be written as '%(name)s'."),
        gettext_noop("End the file name in one of: %(allowed)s."),
    )
    DOCUMENT_013 = (
        gettext_noop("No unit has the code %(unit)s on %(day)s."),
        gettext_noop("Check the code against the unit list of that day."),
    )
    DOCUMENT_014 = (
        gettext_noop("No font with Chinese characters was found for the PDF; missing: %(names)s."),
        gettext_noop(
            "Fetch them with script/setup, install one, or name a folder of fonts with "
            "%(variable)s; DOCX needs none."
        ),
    )
    DOCUMENT_015 = (
        gettext_noop(
            "No font at hand has the character %(sign)s (%(code)s) of “%(where)s”: 〓 stands "
            "in its place."
        ),
        gettext_noop(
            "Save the paper as DOCX, which Word and WPS show in fonts of their own, or write the "
            "character in by hand. Whoever runs the software can name a folder with a font that "
            "has it with %(variable)s."
        ),
    )
    DOCUMENT_016 = (
        gettext_noop("The PDF would not look as it is meant to: %(reason)s."),
        gettext_noop("Name a folder with other fonts with %(variable)s, or write DOCX."),
    )
    DOCUMENT_017 = (
        gettext_noop("'%(label)s' prints its unit '%(unit)s', and the text behind repeats it."),
        gettext_noop("Take it out of the text, or print the figure with word=''."),
    )
    DOCUMENT_018 = (
        gettext_noop("The template does too much: %(reason)s."),
        gettext_noop(
            "Take loops and repeated texts out; a document has a few thousand characters and asks "
            "for a few hundred figures."
        ),
    )
    DOCUMENT_019 = (
        gettext_noop(
            "The fonts of the paper lack the character %(sign)s (%(code)s) of “%(where)s”: it "
            "is set in another font."
        ),
        gettext_noop("Look whether it reads well; DOCX leaves it to Word or WPS."),
    )
