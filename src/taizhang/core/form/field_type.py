"""Types and appearances of XLSForm: which are taken, how older ones are read, why others not.

The names are those that pyxform knows (``question_type_dictionary``, ``aliases``); a test holds
this table against them, and the reference page is written from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.core.form.model import TRACKING

#: Field types that take an answer, besides those a select needs a list for.
PLAIN_TYPES = frozenset(
    "text integer decimal range date time dateTime note calculate image "
    "acknowledge hidden barcode".split()
)
SELECTS = {"select_one": "select_one", "select_multiple": "select_multiple"}
FROM_FILE = frozenset({"select_one_from_file"})
#: Types that begin or end a level.
LEVELS = frozenset(
    f"{verb}{gap}{what}"
    for verb in ("begin", "end")
    for gap in (" ", "_")
    for what in ("group", "repeat")
)

_NO_FILE = Marked(
    gettext_noop(
        "of attached files only pictures are kept, from which place and device can be taken out"
    )
)
_UNASKED = Marked(gettext_noop("the phone would record it without anybody answering"))
_NO_ORDER = Marked(gettext_noop("no order of choices is kept"))
_ONE_THING = Marked(gettext_noop("an answer picks one thing of a list of the unit"))
_NO_FILES = Marked(gettext_noop("a pack brings no files to the phone"))
_NO_MAP = Marked(gettext_noop("no map is shown and no outside service is asked"))
_OTHER_APP = Marked(gettext_noop("another app would have to give the answer"))
_NO_NUMBER = Marked(gettext_noop("it asks for the telephone number of a person"))
_OLD = Marked(gettext_noop("it is a ready-made question of an older format"))

_IMAGE = Marked(gettext_noop("Ask for a picture (image), or for the words in a text question."))
_TAKE_OUT = Marked(gettext_noop("Take the question out."))
_SELECT = Marked(gettext_noop("Use select_one or select_multiple with a list of choices."))
_LIST = Marked(gettext_noop("Use select_one_from_file, in a repeat where there are several."))
_INTEGER = Marked(gettext_noop("Use integer with a constraint."))
_NO_APPEARANCE = Marked(gettext_noop("Take the appearance out."))

#: Types that the converter knows and that cannot be answered here → (why, what to do instead).
UNANSWERABLE: Mapping[str, tuple[Marked, Marked]] = {
    "audio": (_NO_FILE, _IMAGE),
    "video": (_NO_FILE, _IMAGE),
    "file": (_NO_FILE, _IMAGE),
    "osm": (_NO_MAP, _TAKE_OUT),
    "rank": (_NO_ORDER, _SELECT),
    "select_multiple_from_file": (_ONE_THING, _LIST),
    "select_one_external": (_NO_FILES, _SELECT),
    "csv-external": (_NO_FILES, _SELECT),
    "xml-external": (_NO_FILES, _SELECT),
    "audit": (_UNASKED, _TAKE_OUT),
    "background-audio": (_UNASKED, _TAKE_OUT),
    "background-geopoint": (_UNASKED, _TAKE_OUT),
    "start-geopoint": (_UNASKED, _TAKE_OUT),
    "phone number": (_NO_NUMBER, _TAKE_OUT),
    "percentage": (_OLD, _INTEGER),
    "number of days in last month": (_OLD, _INTEGER),
    "number of days in last six months": (_OLD, _INTEGER),
    "number of days in last year": (_OLD, _INTEGER),
    "q select": (_OLD, _SELECT),
    "q select1": (_OLD, _SELECT),
}
#: Types of questions that can be answered; the tracking ones only about places, with a reason.
ANSWERABLE = (PLAIN_TYPES | set(SELECTS) | FROM_FILE | TRACKING) - set(UNANSWERABLE)
#: Every type that is read; those in UNANSWERABLE are refused when a pack is checked.
READ = ANSWERABLE | set(UNANSWERABLE)

#: Older spelling → type, as pyxform reads them.
SPELLINGS: Mapping[str, str] = {
    other: name
    for name, others in {
        "text": ("string", "q string", "add text prompt"),
        "integer": ("int", "q int", "add integer prompt"),
        "decimal": ("q decimal", "add decimal prompt"),
        "date": ("q date", "add date prompt"),
        "dateTime": (
            *("datetime", "date time", "q datetime", "q date time"),
            *("add datetime prompt", "add date time prompt"),
        ),
        "note": ("q note", "add note prompt"),
        "calculate": ("q calculate", "add calculate prompt"),
        "acknowledge": ("trigger", "q acknowledge", "add acknowledge prompt"),
        "barcode": ("q barcode", "add barcode prompt"),
        "image": ("photo", "q image", "q picture", "add image prompt", "add photo prompt"),
        "audio": ("q audio", "add audio prompt"),
        "video": ("q video", "add video prompt"),
        "file": ("add file prompt",),
        "geopoint": ("gps", "location", "q geopoint", "q location", "add location prompt"),
        "geotrace": ("q geotrace",),
        "geoshape": ("q geoshape",),
        "start": ("start time", "get start time"),
        "end": ("end time", "get end time"),
        "today": ("get today",),
        "deviceid": ("device id", "get device id", "uri:deviceid", "imei"),
        "subscriberid": ("subscriber id", "get subscriber id", "uri:subscriberid"),
        "simserial": ("sim id", "get sim id", "uri:simserial"),
        "phonenumber": ("get phone number", "uri:phonenumber"),
        "username": ("uri:username",),
        "email": ("uri:email",),
    }.items()
    for other in others
}
#: The same for types that name a list behind them; the longest spelling is looked for first.
LIST_SPELLINGS: Mapping[str, str] = {
    other: name
    for name, others in {
        "select_one": (
            *("select one", "select one from", "select one using", "select1"),
            "add select one prompt using",
        ),
        "select_multiple": (
            *("select all that apply", "select all that apply from", "select multiple from"),
            *("select multiple using", "add select multiple prompt using"),
        ),
        "select_one_from_file": ("select one from file",),
        "select_multiple_from_file": ("select multiple from file",),
        "select_one_external": ("select one external",),
    }.items()
    for other in others
}
_LONGEST_FIRST = sorted(LIST_SPELLINGS, key=len, reverse=True)

#: Appearances that cannot do what they promise → (why, what to do instead).
UNSHOWN: tuple[tuple[str, re.Pattern[str], Marked, Marked], ...] = (
    ("search( )", re.compile(r"\bsearch\s*\("), _NO_FILES, _LIST),
    ("ex:…", re.compile(r"\bex:"), _OTHER_APP, _NO_APPEARANCE),
    ("printer:…", re.compile(r"\bprinter:"), _OTHER_APP, _NO_APPEARANCE),
    ("image-map", re.compile(r"(?<![\w-])image-map(?![\w-])"), _NO_FILES, _NO_APPEARANCE),
    ("map", re.compile(r"(?<![\w-])map(?![\w-])"), _NO_MAP, _NO_APPEARANCE),
    ("bearing", re.compile(r"(?<![\w-])bearing(?![\w-])"), _UNASKED, _NO_APPEARANCE),
)
#: Appearances that phones know; they change how a question looks and never what it takes.
APPEARANCES: Mapping[str, tuple[str, ...]] = {
    "text": ("multiline", "numbers", "url", "masked", "thousands-sep", "w2"),
    "integer": ("thousands-sep", "counter"),
    "decimal": ("thousands-sep",),
    "range": ("vertical", "no-ticks", "picker", "rating"),
    "date": (
        *("no-calendar", "month-year", "year", "ethiopian", "coptic", "islamic"),
        *("bikram-sambat", "myanmar", "persian", "buddhist"),
    ),
    "dateTime": ("no-calendar",),
    "image": ("annotate", "draw", "signature", "new", "new-front", "selfie"),
    "select_one": (
        *("minimal", "autocomplete", "quick", "likert", "columns", "columns-2", "columns-pack"),
        *("no-buttons", "label", "list", "list-nolabel", "horizontal", "compact", "quickcompact"),
    ),
    "select_multiple": (
        *("minimal", "autocomplete", "columns", "columns-2", "columns-pack", "no-buttons"),
        *("label", "list", "list-nolabel", "horizontal", "compact"),
    ),
    "select_one_from_file": ("minimal", "autocomplete", "quick"),
    "geopoint": ("maps", "placement-map"),
    "group": ("field-list", "table-list", "w2", "summary"),
    "repeat": ("field-list", "table-list"),
}


def type_read(cell: str) -> tuple[str, str]:
    """Read the cell of a type: (type, list named behind it), older spellings as today's."""
    words = " ".join(cell.split())
    for spelling in _LONGEST_FIRST:
        if words.lower().startswith(f"{spelling} "):
            return LIST_SPELLINGS[spelling], words[len(spelling) + 1 :]
    if (name := SPELLINGS.get(words.lower())) is not None:
        return name, ""
    if words in UNANSWERABLE:  # some have a blank inside
        return words, ""
    name, _, argument = words.partition(" ")
    return name, argument.strip()


def unshown(appearance: str) -> tuple[Marked, Marked] | None:
    """Say why an appearance cannot work and what to do instead; ``None`` where it can."""
    return next(
        ((why, instead) for _, pattern, why, instead in UNSHOWN if pattern.search(appearance)), None
    )
